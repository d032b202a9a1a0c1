//! Joining: a PSA becomes an installation, in one visit, and leaves again.

mod checks;
mod needs;
mod registration;

use std::{sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

pub use checks::{State, Step};
pub use needs::Missing;
use registration::Registration;
pub use registration::{Piece, Place, Registered};

use crate::{
    clock::Clock,
    psa::{Credentials, Psa, PsaError, Site, Transport, Write},
    security::{
        egress::Egress,
        keys::{MasterKey, random, random_id},
        rights::Administrators,
    },
    store::{InstallationRow, Invitation, Store, StoreError},
};

/// Somebody waits in front of the page.
const TIME_FOR_A_CHECK: Duration = Duration::from_mins(1);

/// Who may join.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Openness {
    /// Anybody who finds the address.
    Open,
    /// Who has a link that the operator printed.
    #[default]
    Invitation,
    /// Nobody.
    Closed,
}

/// How long a link is good for, in seconds.
const INVITATION_SECONDS: i64 = 7 * 24 * 3600;

/// What an administrator enters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The PSA's web address.
    #[serde(default)]
    pub site: String,
    /// The name that technicians enter as the company when they log in.
    #[serde(default)]
    pub login_company: String,
    /// The API member's public key.
    #[serde(default)]
    pub public_key: String,
    /// The API member's private key.
    #[serde(default)]
    pub private_key: SecretString,
    /// A clientId of their own.
    #[serde(default)]
    pub client_id: Option<SecretString>,
    /// Whether the company screen gets the button as well.
    #[serde(default)]
    pub toolbar_button: bool,
}

/// Everything that joining and leaving need.
#[derive(Clone, Debug)]
pub struct Joining {
    /// The store.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The operator's key.
    pub master_key: MasterKey,
    /// The way to PSAs.
    pub transport: Arc<dyn Transport>,
    /// Which addresses a PSA may have.
    pub egress: Egress,
    /// The service's clientId.
    pub client_id: SecretString,
    /// Where browsers reach the service.
    pub public_url: Url,
    /// Who may join.
    pub openness: Openness,
}

/// What lets somebody join.
#[derive(Clone, Debug)]
pub struct Link {
    /// What it is for.
    pub invitation: Invitation,
    /// Its code; none where joining is open and nobody needs one.
    pub code: Option<SecretString>,
}

/// How joining ended.
#[derive(Debug)]
pub struct Joined {
    /// The installation's id.
    pub installation: String,
    /// The pod's address, as it stands in the PSA.
    pub pod: String,
    /// What is in the PSA now.
    pub registered: Vec<Registered>,
}

/// Joining or leaving failed.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// What was entered is not good yet: see the steps.
    #[error("what was entered is not complete or not right yet")]
    NotReady(Vec<Step>),
    /// This PSA joined before, and this is not its link.
    #[error("this PSA has joined already")]
    JoinedAlready,
    /// The link is for another PSA.
    #[error("this link is for another PSA")]
    AnotherPsa,
    /// There is no such installation.
    #[error("there is no such installation")]
    NoSuchInstallation,
    /// Something of ours is still in the PSA.
    #[error("these could not be taken out of the PSA: {0}")]
    NotRemoved(String),
    /// The PSA failed.
    #[error(transparent)]
    Psa(#[from] PsaError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Joining {
    /// A link that lets somebody join once: a PSA that has not joined yet, or `installation` again.
    /// The code is in the part of the address that browsers keep to themselves.
    pub async fn invite(&self, installation: Option<&str>) -> Result<String, JoinError> {
        if let Some(id) = installation
            && self.store.installation(id).await?.is_none()
        {
            return Err(JoinError::NoSuchInstallation);
        }
        let code = hex::encode(random::<32>());
        let now = self.clock.now();
        let hash = self.hash_of(&code);
        self.store.add_invitation(&hash, installation, now + INVITATION_SECONDS, now).await?;
        let origin = self.public_url.origin().ascii_serialization();
        Ok(format!("{origin}/join#{code}"))
    }

    /// A link for the operator who starts the service for the first time; none later.
    pub async fn first_link(&self) -> Result<Option<String>, JoinError> {
        if self.openness != Openness::Invitation || !self.store.is_new().await? {
            return Ok(None);
        }
        self.invite(None).await.map(Some)
    }

    /// The link with this code, while it is good.
    pub async fn invitation(&self, code: &str) -> Result<Option<Invitation>, StoreError> {
        self.store.invitation(&self.hash_of(code), self.clock.now()).await
    }

    fn hash_of(&self, code: &str) -> String {
        let key = self.master_key.derive("invitation");
        hex::encode(key.digest(code.as_bytes()))
    }

    fn psa(&self, site: &Site, request: &Request) -> Psa {
        let clean = |text: &SecretString| SecretString::from(text.expose_secret().trim().to_owned());
        let client_id = request.client_id.as_ref().map(clean).filter(|id| !id.expose_secret().is_empty());
        let credentials = Credentials {
            public_key: request.public_key.trim().to_owned(),
            private_key: clean(&request.private_key),
            client_id,
        };
        let login_company = request.login_company.trim().to_owned();
        Psa::new(
            Arc::clone(&self.transport),
            site.clone(),
            login_company,
            credentials,
            self.client_id.expose_secret().to_owned(),
        )
    }

    /// Checks what has been entered so far, as far as that goes.
    pub async fn check(&self, request: &Request) -> Vec<Step> {
        self.checked(request).await.0
    }

    /// The same, and the client that was tried when everything that is needed is good.
    async fn checked(&self, request: &Request) -> (Vec<Step>, Option<Psa>) {
        let checking = checks::check(self, request);
        tokio::time::timeout(TIME_FOR_A_CHECK, checking)
            .await
            .unwrap_or_else(|_| (vec![checks::took_too_long()], None))
    }

    /// Lets a PSA join: checks everything once more, stores the keys sealed, and registers the pod.
    /// With a link, an installation that joined before gets its new keys; without one, as on
    /// the command line, the operator vouches for it. It can be done again at any time.
    pub async fn join(&self, request: &Request, link: Option<&Link>) -> Result<Joined, JoinError> {
        let (steps, psa) = self.checked(request).await;
        let Some(psa) = psa else { return Err(JoinError::NotReady(steps)) };
        let site = psa.site();
        let known = self.store.installation_of(&site.origin(), psa.login_company()).await?;
        let (id, login_company) = match known {
            Some(known) => {
                if link.is_some_and(|link| link.invitation.installation.as_ref() != Some(&known.id)) {
                    return Err(JoinError::JoinedAlready);
                }
                (known.id, known.login_company)
            }
            None => (self.new_id(link).await?, psa.login_company().to_owned()),
        };
        let place = [id.as_str(), &site.origin(), &login_company];
        let credentials = psa.credentials().seal(&self.master_key, place);
        let row = InstallationRow {
            id: id.clone(),
            psa_site: site.origin(),
            login_company,
            credentials,
            administrators: Administrators::default().code().to_owned(),
            rules: String::new(),
            board: None,
            created_at: self.clock.now(),
        };
        if !self.store.save_installation(&row).await? {
            return Err(JoinError::JoinedAlready);
        }
        let (pod, registered) = self.register(&id, &psa, request.toolbar_button).await?;
        Ok(Joined { installation: id, pod, registered })
    }

    /// The id of an installation that begins. A link is bound to it at once, so that it begins one
    /// only, and that the same link can go on where joining broke off.
    async fn new_id(&self, link: Option<&Link>) -> Result<String, JoinError> {
        let Some(link) = link else { return Ok(random_id()) };
        if let Some(begun) = &link.invitation.installation {
            let other = self.store.installation(begun).await?.is_some();
            return if other { Err(JoinError::AnotherPsa) } else { Ok(begun.clone()) };
        }
        let id = random_id();
        let bound = match &link.code {
            Some(code) => self.store.bind_invitation(&self.hash_of(code.expose_secret()), &id).await?,
            None => true,
        };
        if bound { Ok(id) } else { Err(JoinError::JoinedAlready) }
    }

    /// What joining made in the PSA, and whether it is still there.
    pub async fn look(&self, id: &str, psa: &Psa) -> Result<Vec<Registered>, JoinError> {
        let installed = self.store.installed(id).await?;
        let pieces = installed.iter().filter_map(|(code, id)| Some((Piece::from_code(code)?, *id)));
        Ok(registration::look(psa, &pieces.collect::<Vec<_>>()).await?)
    }

    /// Puts what is in the PSA in order again: what is missing is made, what differs is corrected.
    pub async fn put_in_order(&self, id: &str, psa: &Psa) -> Result<Vec<Registered>, JoinError> {
        let installed = self.store.installed(id).await?;
        let button = installed.iter().any(|(code, _)| code == Piece::ToolbarButton.code());
        Ok(self.register(id, psa, button).await?.1)
    }

    /// Puts the pieces into the PSA, or in order again; the pod's address there, and the pieces.
    async fn register(
        &self,
        id: &str,
        psa: &Psa,
        toolbar_button: bool,
    ) -> Result<(String, Vec<Registered>), JoinError> {
        let place = Place { public_url: &self.public_url, installation: id, client_id: psa.client_id() };
        let installed = self.store.installed(id).await?;
        let mut registration = Registration::begin(psa, &place).await?;
        let mut registered = Vec::new();
        for piece in Piece::ALL {
            if piece == Piece::ToolbarButton && !toolbar_button {
                continue;
            }
            let one = registration.put(piece).await?;
            // A note type of that name may be somebody else's: then it is not ours to take away.
            let ours = one.made || piece != Piece::NoteType;
            let known = installed.iter().any(|(code, id)| code == piece.code() && Some(*id) == one.id);
            if let Some(number) = one.id.filter(|_| ours && !known) {
                self.store.save_installed(id, piece.code(), number).await?;
            }
            registered.push(one);
        }
        Ok((place.pod(), registered))
    }

    /// Uses a link up; `false` when somebody else did.
    pub async fn use_up(&self, code: &str) -> Result<bool, StoreError> {
        self.store.use_up_invitation(&self.hash_of(code)).await
    }

    /// Lets an installation leave: takes out of its PSA what joining made there, then forgets the
    /// keys and everything else of it. Nothing is forgotten while something of ours is left there.
    /// The settings notes of companies stay: they are the PSA's.
    pub async fn leave(&self, id: &str, psa: &Psa) -> Result<(), JoinError> {
        let mut left = Vec::new();
        for (code, number) in self.store.installed(id).await? {
            let Some(piece) = Piece::from_code(&code) else { continue };
            match psa.remove_setup(piece.table(), number).await {
                Ok(Write::Applied(())) => {}
                Ok(Write::Rejected(_) | Write::Unknown) | Err(PsaError::Forbidden) => {
                    left.push(piece.words());
                }
                Err(error) => return Err(error.into()),
            }
        }
        if !left.is_empty() {
            return Err(JoinError::NotRemoved(left.join(", ")));
        }
        Ok(self.store.forget_installation(id).await?)
    }
}
