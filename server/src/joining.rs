//! Joining: a PSA becomes an installation.

use anyhow::{Context, bail};

use crate::{
    clock::Clock,
    config::StoreOptions,
    psa::{Credentials, Psa, Site},
    security::keys::random_id,
    store::{InstallationRow, Store},
};

/// Tries the keys at the PSA and stores them sealed. The installation's id: the one it already
/// has, when this PSA and login company joined before.
pub async fn join(
    options: &StoreOptions,
    site: &str,
    login_company: &str,
    credentials: Credentials,
) -> anyhow::Result<String> {
    let login_company = login_company.trim();
    if login_company.is_empty() {
        bail!("the login company is the name that your technicians enter when they log in to the PSA");
    }
    let master_key = options.master_key()?;
    let site = Site::parse(site)?;
    let psa = Psa::new(
        std::sync::Arc::new(options.network()?),
        site.clone(),
        login_company.to_owned(),
        credentials.clone(),
        options.client_id.clone(),
    );
    psa.communication_types().await.context("the PSA did not let the API member in")?;

    let store = Store::open(&options.database_url).await.context("the store cannot be opened")?;
    let origin = site.origin();
    let known = store.installation_of(&origin, login_company).await?;
    let (id, login_company) = known
        .map_or_else(|| (random_id(), login_company.to_owned()), |known| (known.id, known.login_company));
    let sealed = master_key
        .derive("installation credentials")
        .seal(&[&id, &origin, &login_company], &credentials.to_bytes());
    let row = InstallationRow {
        id: id.clone(),
        psa_site: origin,
        login_company,
        credentials: sealed,
        created_at: Clock::System.now(),
    };
    store.save_installation(&row).await?;
    store.close().await;
    Ok(id)
}
