//! What answers without credentials: where the PSA is, and signing in.

use actix_web::web::{Data, Form, Json, Path};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::rest;
use crate::world::SharedWorld;

/// `GET /login/companyinfo/{company}`
pub(crate) async fn company_info(company: Path<String>, world: Data<SharedWorld>) -> Json<Value> {
    Json(rest::company_info(&world.lock(), &company))
}

/// The form of `login.aspx`.
#[derive(Deserialize)]
pub(crate) struct SignIn {
    #[serde(alias = "CompanyName", alias = "companyname")]
    company_name: String,
    #[serde(alias = "UserName", alias = "username")]
    user_name: String,
    #[serde(alias = "Password")]
    password: String,
}

/// `POST /{codebase}/login/login.aspx?response=json`: a session, and its hash.
pub(crate) async fn sign_in(form: Form<SignIn>, world: Data<SharedWorld>) -> Json<Value> {
    let mut world = world.lock();
    let same_company = form.company_name.eq_ignore_ascii_case(&world.place.login_company);
    let trusted = same_company
        && world
            .member(&form.user_name)
            .is_some_and(|member| member.keys.is_none() && member.password == form.password);
    let hash = trusted.then(|| world.hash_of(&form.user_name)).flatten();
    Json(match hash {
        Some(hash) => json!({"Success": true, "Hash": hash}),
        None => json!({"Success": false, "Message": "The user name or password is wrong."}),
    })
}
