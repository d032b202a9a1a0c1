//! Work that keeps a processor busy.

use super::Service;

impl Service {
    /// Does what takes a moment for a large company on a thread of its own: on the one of a request others would
    /// wait for it. No more of it is done at once than there are processors.
    ///
    /// # Panics
    ///
    /// When the work does.
    pub async fn off_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let _place = self.busy.acquire().await.expect("its places are never closed");
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        }
    }
}
