//! The screens of records that can host pods: what they show, and to whom.

use crate::schema::{Kind, Record};
use crate::world::{Level, Member, Right, World};

use super::visitor::reaches;

/// A screen with one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Screen {
    Company,
    Contact,
    Ticket,
}

impl Screen {
    /// By the first word of its address.
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Company, Self::Contact, Self::Ticket].into_iter().find(|screen| screen.name() == name)
    }

    /// In addresses, in `[cw_screen]` and in `screenObject`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Contact => "contact",
            Self::Ticket => "ticket",
        }
    }

    /// In `/system/connectWiseHostedScreens`.
    pub(super) const fn hosted_name(self) -> &'static str {
        match self {
            Self::Company => "CompanyDetail",
            Self::Contact => "ContactDetail",
            Self::Ticket => "ServiceTicket",
        }
    }

    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Company => Kind::Company,
            Self::Contact => Kind::Contact,
            Self::Ticket => Kind::Ticket,
        }
    }

    /// The fields that its form can change, with their labels; the first one may not be empty.
    pub(super) const fn fields(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Company => &[
                ("name", "Company name"),
                ("phoneNumber", "Phone"),
                ("website", "Web site"),
                ("addressLine1", "Address"),
                ("city", "City"),
                ("zip", "Postal code"),
                ("accountNumber", "Account number"),
            ],
            Self::Contact => &[("firstName", "First name"), ("lastName", "Last name"), ("title", "Title")],
            Self::Ticket => &[("summary", "Summary")],
        }
    }

    fn right(self, member: &Member) -> Option<&Right> {
        let (module, function) = match self {
            Self::Company => ("Companies", "Company Maintenance"),
            Self::Contact => ("Companies", "Contacts"),
            Self::Ticket => ("Service Desk", "Service Tickets"),
        };
        member.role.right(module, function)
    }

    /// The record, if it exists and this member may look at it.
    pub(super) fn record<'a>(self, world: &'a World, member: &Member, id: i64) -> Option<&'a Record> {
        let level = self.right(member).map_or(Level::None, |right| right.inquire);
        let record = world.record(self.kind(), id)?;
        reaches(member, level, world.company_of(self.kind(), record)).then_some(record)
    }

    pub(super) fn may_edit(self, world: &World, member: &Member, record: &Record) -> bool {
        let level = self.right(member).map_or(Level::None, |right| right.edit);
        reaches(member, level, world.company_of(self.kind(), record))
    }
}
