//! The device page, and slips that did not come out.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::bill::Nothing;
use super::seat::{Here, Seat};
use crate::app::now_ms;
use crate::config::{self, Kind};
use crate::devices::Devices;
use crate::devices::binding::{Binding, profiles};
use crate::devices::shown::{Bytes, Device, Port, PortKind};
use crate::devices::slips::{Order, Slip, Taken};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use shared::base::{DeviceId, JobId};
use shared::branches::{self, HOUSE_ZONE};
use shared::desk::shown::done::{PrintState, print_state};
use shared::journal::{Refusal, Right};
use shared::sales::receipt::time_said;
use utoipa::ToSchema;

/// Longest name and address of a device, characters.
const NAME_MAX: usize = 40;
const ADDRESS_MAX: usize = 200;
/// Numbers that a till may have.
const TILLS: std::ops::RangeInclusive<u16> = 1..=99;

#[derive(Debug, Serialize, ToSchema)]
pub struct Ports {
    pub ports: Vec<Port>,
    pub kinds: Vec<PortKind>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceList {
    pub devices: Vec<Device>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ByteList {
    pub bytes: Vec<Bytes>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SlipList {
    pub slips: Vec<Slip>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct BindDevice {
    /// None: a new one.
    #[schema(required)]
    pub device: Option<DeviceId>,
    pub kind: Kind,
    pub name: String,
    pub address: String,
    #[schema(required)]
    pub baud: Option<u32>,
    #[schema(required)]
    pub profile: Option<String>,
    /// Of a printer: the tills whose slips it prints; they leave the printer they had.
    #[serde(default)]
    #[schema(required)]
    pub tills: Vec<u16>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OneDevice {
    pub device: DeviceId,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OfDevice {
    pub device: Device,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SlipOnDevice {
    pub slip: JobId,
    /// None: the printer of the till that asks.
    #[serde(default)]
    #[schema(required)]
    pub device: Option<DeviceId>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OfPrint {
    pub print: PrintState,
}

const TECHNICIAN: &[Right] = &[Right::Technician];

#[utoipa::path(get, path = "/api/ports", responses((status = 200, body = Ports)))]
pub async fn ports(State(http): Shared, seat: Seat) -> Result<Json<Ports>, No> {
    let devices = http.app.devices.clone();
    Ok(json(http.ask(&seat, TECHNICIAN, move |_, _| Ok(Ok(Ports { ports: devices.ports(), kinds: Devices::kinds() }))).await?))
}

#[utoipa::path(get, path = "/api/devices", responses((status = 200, body = DeviceList)))]
pub async fn devices(State(http): Shared, seat: Seat) -> Result<Json<DeviceList>, No> {
    let devices = http.app.devices.clone();
    Ok(json(http.ask(&seat, TECHNICIAN, move |_, _| Ok(Ok(DeviceList { devices: devices.list() }))).await?))
}

#[utoipa::path(get, path = "/api/devices/{id}/bytes", params(("id" = String, Path)), responses((status = 200, body = ByteList)))]
pub async fn bytes(State(http): Shared, seat: Seat, Path(id): Path<String>) -> Result<Json<ByteList>, No> {
    let devices = http.app.devices.clone();
    let found = http.ask(&seat, TECHNICIAN, move |_, _| {
        let bytes = id.parse().ok().and_then(|id| devices.bytes(id));
        Ok(bytes.map(|bytes| ByteList { bytes }).ok_or(Refusal::NotFound { what: "device".into() }))
    });
    Ok(json(found.await?))
}

#[utoipa::path(post, path = "/api/commands/bind_device", request_body = Command<BindDevice>, responses((status = 200, body = OfDevice)))]
pub async fn bind_device(State(http): Shared, asked: Asked<BindDevice>) -> Result<Json<OfDevice>, No> {
    http.judge(&asked, TECHNICIAN, |_, _| Ok(Ok(()))).await?;
    let wanted = &asked.body;
    if wanted.address.chars().count() > ADDRESS_MAX {
        return Err(Refusal::BadAddress.into());
    }
    if wanted.profile.as_deref().is_some_and(|profile| !profiles(wanted.kind).contains(&profile)) {
        return Err(Refusal::NotSound { field: "profile".into(), why: "unknown".into() }.into());
    }
    let mut tills = wanted.tills.clone();
    tills.sort_unstable();
    tills.dedup();
    if tills.iter().any(|till| !TILLS.contains(till)) || (wanted.kind != Kind::Printer && !tills.is_empty()) {
        return Err(Refusal::NotSound { field: "tills".into(), why: "unknown".into() }.into());
    }
    // A retry binds the same device again.
    let id = wanted.device.unwrap_or(DeviceId(asked.id.0));
    let device = config::Device {
        kind: wanted.kind,
        name: wanted.name.trim().chars().take(NAME_MAX).collect(),
        address: wanted.address.trim().into(),
        baud: wanted.baud,
        profile: wanted.profile.clone(),
        tills,
    };
    http.app.devices.bind(Binding { id, device }).await??;
    let bound = http.app.devices.list().into_iter().find(|device| device.id == id.to_string());
    Ok(Json(OfDevice { device: bound.ok_or(Refusal::Gone)? }))
}

#[utoipa::path(post, path = "/api/commands/unbind_device", request_body = Command<OneDevice>, responses((status = 200, body = Nothing)))]
pub async fn unbind_device(State(http): Shared, asked: Asked<OneDevice>) -> Result<Json<Nothing>, No> {
    http.judge(&asked, TECHNICIAN, |_, _| Ok(Ok(()))).await?;
    // One that is gone already is unbound: a retry finds it so.
    match http.app.devices.unbind(asked.body.device).await? {
        Ok(()) | Err(Refusal::Gone) => Ok(Json(Nothing {})),
        Err(refusal) => Err(refusal.into()),
    }
}

#[utoipa::path(post, path = "/api/commands/test_print", request_body = Command<OneDevice>, responses((status = 200, body = OfPrint)))]
pub async fn test_print(State(http): Shared, asked: Asked<OneDevice>) -> Result<Json<OfPrint>, No> {
    let zone = http.judge(&asked, TECHNICIAN, |db, here| {
        let branch = here.moment.branch.map(|branch| branches::branch(db, branch)).transpose()?.flatten();
        Ok(Ok(branch.map_or(HOUSE_ZONE, |branch| branch.zone)))
    });
    let time = time_said(now_ms(), zone.await?.zone_minutes);
    Ok(Json(OfPrint { print: http.app.devices.test_print(asked.body.device, &time).await? }))
}

#[utoipa::path(get, path = "/api/slips", responses((status = 200, body = SlipList)))]
pub async fn slips(State(http): Shared, seat: Seat) -> Result<Json<SlipList>, No> {
    let devices = http.app.devices.clone();
    Ok(json(http.ask(&seat, &[Right::Sell, Right::Technician], move |db, _| Ok(Ok(SlipList { slips: devices.slips(db)? }))).await?))
}

fn may_sell(here: &Here) -> Result<(), Refusal> {
    if here.moment.may(Right::Sell) || here.moment.may(Right::Technician) {
        return Ok(());
    }
    Err(Refusal::NotAllowed { right: Right::Sell })
}

#[utoipa::path(post, path = "/api/commands/slip_print", request_body = Command<SlipOnDevice>, responses((status = 200, body = OfPrint)))]
pub async fn slip_print(State(http): Shared, asked: Asked<SlipOnDevice>) -> Result<Answer, No> {
    let (slip, device) = (asked.body.slip, asked.body.device);
    let order = Order::default();
    let (devices, filled) = (http.app.devices.clone(), order.clone());
    let answer = http.carry_out(&asked, move |writer, here| {
        if let Err(refusal) = may_sell(here) {
            return Ok(Err(refusal));
        }
        let took = match devices.take(writer, slip, &here.who, &here.moment)? {
            Ok(took) => took,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let print = print_state(writer, took.as_ref().map_or(slip, Taken::job))?;
        filled.fill(took);
        Ok(Ok(OfPrint { print }))
    });
    let answer = answer.await?;
    let devices = &http.app.devices;
    devices.send(&order, device.or_else(|| devices.printer_of(Some(asked.seat.session.till))));
    Ok(answer)
}

#[utoipa::path(post, path = "/api/commands/slip_drop", request_body = Command<SlipOnDevice>, responses((status = 200, body = Nothing)))]
pub async fn slip_drop(State(http): Shared, asked: Asked<SlipOnDevice>) -> Result<Answer, No> {
    let (slip, devices) = (asked.body.slip, http.app.devices.clone());
    http.carry_out(&asked, move |writer, here| {
        if let Err(refusal) = may_sell(here) {
            return Ok(Err(refusal));
        }
        Ok(devices.drop_slip(writer, slip)?.map(|()| Nothing {}))
    })
    .await
}
