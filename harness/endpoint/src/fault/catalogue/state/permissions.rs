//! Permissions that are lost, stay or spread.

use parallax_contract::{Answer, Call, Resource, Value};

use super::{about, at, existing, fault, is_error, keep_deleted, permissions, shown_id};
use crate::fault::answers::{altered, replace};
use crate::fault::deeds::{ANY, Deed, SHOWING, doing, id_text};
use crate::fault::sites::field;
use crate::fault::{Alteration, Change, Inner};

const PERMISSION: &str = "model: the errors of permissions, and the list of them";

pub(super) const FAULTS: &[Alteration] = &[
    // Permissions.
    fault(
        "permission-not-kept",
        "an added permission is answered and not kept",
        PERMISSION,
        Change::Serve(|inner, call| permissions(inner, call, SHOWING, &|items| items.clear())),
    ),
    fault(
        "permission-not-answered",
        "adding a permission answers with an empty list",
        PERMISSION,
        Change::Serve(|inner, call| permissions(inner, call, &[Deed::Authorize], &|items| items.clear())),
    ),
    fault(
        "permission-kept-alone",
        "only the last permission is kept",
        PERMISSION,
        Change::Serve(|inner, call| {
            permissions(inner, call, SHOWING, &|items| {
                drop(items.drain(..items.len().saturating_sub(1)));
            })
        }),
    ),
    fault(
        "permission-shown-twice",
        "every permission is shown twice",
        PERMISSION,
        Change::Serve(|inner, call| permissions(inner, call, SHOWING, &|items| items.extend_from_within(..))),
    ),
    fault(
        "duplicate-permission-taken",
        "a permission can be added twice",
        PERMISSION,
        Change::Serve(duplicate_permission),
    ),
    fault(
        "absent-permission-removed",
        "a permission that does not exist can be removed",
        PERMISSION,
        Change::Serve(absent_permission),
    ),
    fault(
        "removed-permission-stays",
        "a removed permission stays in force",
        PERMISSION,
        Change::Serve(removed_stays),
    ),
    fault(
        "removing-one-removes-all",
        "removing a permission removes them all",
        PERMISSION,
        Change::Serve(removes_all),
    ),
    fault(
        "permissions-leak",
        "a permission is added to every resource",
        PERMISSION,
        Change::Serve(permissions_leak),
    ),
    fault(
        "permissions-outlive-deletion",
        "a recreated resource has its old permissions",
        PERMISSION,
        Change::Serve(permissions_outlive),
    ),
    fault(
        "permission-without-state",
        "permissions tell no state",
        "documentation: the states of a permission",
        Change::Serve(|inner, call| permission_state(inner, call, None)),
    ),
    fault(
        "permission-in-unknown-state",
        "permissions are in a state that no source names",
        "documentation: the states of a permission",
        Change::Serve(|inner, call| permission_state(inner, call, Some("ok"))),
    ),
];

/// The success of a call on permissions that was refused with this error: the resource as it is.
fn pardoned(inner: &Inner<'_>, call: &Call, on: Deed, error: fn(&Resource) -> Option<&String>) -> Answer {
    let answer = inner.answer(call);
    match doing(inner.contract(), call, &[on]) {
        Some(resource) if is_error(inner, error(resource), &answer) => {
            existing(inner, resource, id_text(resource, call))
                .map_or(answer, |fields| at(&resource.lifecycle.create_path, fields))
        }
        _ => answer,
    }
}

fn duplicate_permission(inner: &Inner<'_>, call: &Call) -> Answer {
    pardoned(inner, call, Deed::Authorize, |resource| {
        resource.grants.as_ref()?.already_exists.as_ref()
    })
}

fn absent_permission(inner: &Inner<'_>, call: &Call) -> Answer {
    pardoned(inner, call, Deed::Revoke, |resource| {
        resource.grants.as_ref()?.not_found.as_ref()
    })
}

/// Answers the removal of a permission without removing it.
fn removed_stays(inner: &Inner<'_>, call: &Call) -> Answer {
    let Some(resource) = doing(inner.contract(), call, &[Deed::Revoke]) else {
        return inner.answer(call);
    };
    let before = existing(inner, resource, id_text(resource, call));
    match (before, inner.expect(call).expected) {
        (Some(fields), parallax_contract::Expected::Success { .. }) => at(&resource.lifecycle.create_path, fields),
        _ => inner.answer(call),
    }
}

fn removes_all(inner: &Inner<'_>, call: &Call) -> Answer {
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Revoke]) {
        inner.remember(about("revoked", resource, id_text(resource, call)), Value::Bool(true));
    }
    altered(inner, call, ANY, &mut |resource, fields| {
        let id = shown_id(resource, fields);
        if let Some(grants) = &resource.grants
            && inner.recall(&about("revoked", resource, &id)).is_some()
        {
            replace(fields, &grants.list, Value::List(Vec::new()));
        }
    })
}

/// What is added to one is shown for every resource that has none.
fn permissions_leak(inner: &Inner<'_>, call: &Call) -> Answer {
    let authorizes = doing(inner.contract(), call, &[Deed::Authorize]).is_some();
    altered(inner, call, ANY, &mut |resource, fields| {
        let Some(grants) = &resource.grants else { return };
        let Some(value) = field(fields, &grants.list) else {
            return;
        };
        match inner.recall("permissions of any") {
            Some(others) if value.is_empty() => *value = others,
            _ if authorizes => drop(inner.remember("permissions of any", value.clone())),
            _ => {}
        }
    })
}

fn permissions_outlive(inner: &Inner<'_>, call: &Call) -> Answer {
    keep_deleted(inner, call);
    altered(inner, call, SHOWING, &mut |resource, fields| {
        let old = inner.recall(&about("deleted", resource, &shown_id(resource, fields)));
        if let Some(grants) = &resource.grants
            && let Some(old) = old.as_ref().and_then(|old| old.get(&grants.list))
        {
            replace(fields, &grants.list, old.clone());
        }
    })
}

fn permission_state(inner: &Inner<'_>, call: &Call, state: Option<&str>) -> Answer {
    altered(inner, call, ANY, &mut |resource, fields| {
        let Some(grants) = &resource.grants else { return };
        let (Some(status), Some(Value::List(items))) = (&grants.status_member, field(fields, &grants.list)) else {
            return;
        };
        for item in items {
            match state {
                Some(word) => item.set(status, Value::text(word)),
                None => item.remove(status),
            }
        }
    })
}
