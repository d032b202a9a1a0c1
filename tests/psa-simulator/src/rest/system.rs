//! The module `system`: what the PSA is, who the caller is, and what the caller may do.

use serde_json::{Value, json};

use super::call::Call;
use super::collection::list_of;
use super::present::present;
use super::reply::{Answer, Reply};
use crate::schema::{API_MEMBER, MEMBER, MY_SECURITY, Record};
use crate::world::{Member, World};

pub(super) fn info(world: &World) -> Reply {
    let cloud = world.place.cloud;
    let version = &world.switches.current_version;
    Reply::ok(json!({
        "version": format!("v{version}.12345"),
        "isCloud": cloud,
        "serverTimeZone": "W. Europe Standard Time",
        "licenseBits": [{"name": "Hosted", "activeFlag": cloud}],
        "cloudRegion": if cloud { "NA" } else { "" },
        "maxWorkFlowRecordsAllowed": 1000,
    }))
}

pub(super) fn my_security(world: &World, call: &Call) -> Answer {
    let rows = call.member.security_rows();
    list_of(world, call, &MY_SECURITY, rows.iter())
}

pub(super) fn myself(world: &World, call: &Call) -> Reply {
    let mut record = call.member.record();
    // Less than what `/system/members` shows (API description 2025.16, MyMemberInfo).
    for field in ["adminFlag", "officeEmail", "primaryEmail", "securityRole"] {
        record.remove(field);
    }
    Reply::ok(present(world, &MEMBER, &record, &[]))
}

pub(super) fn members(world: &World, call: &Call) -> Answer {
    let rows: Vec<Record> = world.members.iter().map(Member::record).collect();
    list_of(world, call, &MEMBER, rows.iter())
}

pub(super) fn api_members(world: &World, call: &Call) -> Answer {
    let with_keys = world.members.iter().filter(|member| member.keys.is_some());
    let rows: Vec<Record> = with_keys.map(Member::api_record).collect();
    list_of(world, call, &API_MEMBER, rows.iter())
}

/// `/login/companyinfo/{company}`: JSON `null` for a company that is not ours.
/// ConnectWise Developer Guide, "Cloud URL Formatting".
pub(crate) fn company_info(world: &World, company: &str) -> Value {
    let place = &world.place;
    if !company.eq_ignore_ascii_case(&place.login_company) {
        return Value::Null;
    }
    let version = &world.switches.current_version;
    json!({
        "CompanyName": place.login_company,
        "Codebase": place.codebase,
        "VersionCode": format!("v{version}"),
        "VersionNumber": format!("v{version}.12345"),
        "CompanyID": place.login_company,
        "IsCloud": if place.cloud { "True" } else { "False" },
        "SiteUrl": place.api_host(),
        "AllowedOrigins": [place.web_origin()],
    })
}
