//! Harbor Manufacturing, set up: the sample's largest company with its directory, ready to sync.

use anyhow::{Context, anyhow};
use sample_directory::SampleDirectory;

use crate::{
    pod::{Pod, settings_for},
    service::Deployment,
};

/// The company's identifier in the PSA.
pub const HARBOR: &str = "HarborMfg";

/// A service that may read the sample directory, and a dispatcher's pod at Harbor Manufacturing,
/// whose settings have been saved.
pub async fn set_up() -> anyhow::Result<(Deployment, SampleDirectory, Pod)> {
    let directory = sample_directory::start(sample_directory::Options {
        names: vec!["127.0.0.1".to_owned()],
        ..sample_directory::Options::default()
    })
    .await
    .context("the sample directory starts")?;
    let port = directory.address().port().to_string();
    let environment = [("CONNECTACTIVE_DIRECTORY_PORTS", port)];
    let deployment = Deployment::start_in(psa_simulator::Options::default(), &environment)
        .await
        .context("the service starts")?;
    let company = deployment.company(HARBOR);
    let refused = |refused| anyhow!("{refused:?}");
    let pod = Pod::open(&deployment, "Dispatch1", company).await.map_err(refused)?;
    pod.save_settings(&settings_for(&directory)).await.map_err(refused)?;
    Ok((deployment, directory, pod))
}
