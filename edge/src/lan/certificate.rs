//! The box's own authority and certificate. A till trusts the authority once; the certificate below it is made anew as often as the box's addresses
//! change, because a shop's router changes them (trade.md 4). The authority can vouch for `.local` names and private addresses only (RFC 5280
//! 4.2.1.10), so that whoever steals it from a shop cannot stand for a bank.
use crate::install::{Install, NotUsable};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, NameConstraints,
};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, pem::PemObject};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};
use shared::store::secret;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Files in the data folder.
const KEY: &str = "lan-authority.key";
const CERTIFICATE: &str = "lan-authority.crt";
/// How long the authority is good: longer than the box lives.
const AUTHORITY_LASTS: Duration = Duration::from_secs(20 * 365 * 86_400);
/// How long a certificate is good; some browsers take no more than 825 days even from an authority that a person trusts.
const CERTIFICATE_LASTS: Duration = Duration::from_secs(397 * 86_400);
/// How old a certificate gets while its addresses stay.
const RENEWED_AFTER: Duration = Duration::from_secs(30 * 86_400);
/// How far a till's clock may be behind the box's.
const BACKDATED: Duration = Duration::from_secs(7 * 86_400);
/// The networks that a shop's router gives addresses from (RFC 1918, 3927), and the box itself.
const PRIVATE: [([u8; 4], u8); 5] =
    [([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16), ([169, 254, 0, 0], 16), ([127, 0, 0, 0], 8)];

/// What the box's tills trust.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// PEM.
    pub certificate: String,
    /// SHA-256 of the certificate, as browsers show it: pairs of upper-case hex digits and colons.
    pub fingerprint: String,
}

impl Authority {
    /// The authority of an install; made at the first call. `host`: the box's name, to tell one shop's authority from another's.
    ///
    /// # Errors
    /// File errors; files that hold no key or certificate.
    pub fn load(install: &Install, host: &str) -> Result<Authority, NotUsable> {
        let (key_path, path) = (install.beside(KEY), install.beside(CERTIFICATE));
        let damaged = |path: &std::path::Path, why: String| NotUsable::Damaged { path: path.to_path_buf(), why };
        let file = |path: &std::path::Path| {
            let path = path.to_path_buf();
            move |error| NotUsable::File { path, error }
        };
        // The certificate is written last: without it the key was never used.
        if !path.exists() {
            let key = KeyPair::generate().map_err(|error| damaged(&key_path, error.to_string()))?;
            let made = params(host).self_signed(&key).map_err(|error| damaged(&path, error.to_string()))?;
            secret::write_text(&key_path, &key.serialize_pem()).map_err(file(&key_path))?;
            std::fs::write(&path, made.pem()).map_err(file(&path))?;
        }
        let key = std::fs::read_to_string(&key_path).map_err(file(&key_path))?;
        let key = KeyPair::from_pem(&key).map_err(|error| damaged(&key_path, error.to_string()))?;
        let certificate = std::fs::read_to_string(&path).map_err(file(&path))?;
        let der = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|error| damaged(&path, error.to_string()))?;
        let hex: Vec<String> = Sha256::digest(&der).iter().map(|byte| format!("{byte:02X}")).collect();
        Ok(Authority { issuer: Issuer::new(params(host), key), certificate, fingerprint: hex.join(":") })
    }

    fn issue(&self, host: &str, addresses: &[IpAddr], now: SystemTime) -> Result<CertifiedKey, Box<dyn std::error::Error>> {
        let mut names = vec![host.to_owned()];
        names.extend(addresses.iter().map(ToString::to_string));
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, host);
        params.not_before = (now - BACKDATED).into();
        params.not_after = (now - BACKDATED + CERTIFICATE_LASTS).into();
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let provider = rustls::crypto::ring::default_provider();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        Ok(CertifiedKey::from_der(vec![certificate.der().clone()], key.into(), &provider)?)
    }
}

/// The same for the same box: a certificate names its authority by them.
fn params(host: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, format!("Catena {host}"));
    let now = SystemTime::now();
    params.not_before = (now - BACKDATED).into();
    params.not_after = (now + AUTHORITY_LASTS).into();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let private = PRIVATE.map(|(network, bits)| GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(network, bits)));
    let mut permitted_subtrees = vec![GeneralSubtree::DnsName("local".into())];
    permitted_subtrees.extend(private);
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: vec![] });
    params
}

/// The private addresses of this box now, the loopback among them; none if the system does not say.
pub fn addresses() -> Vec<IpAddr> {
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let private = |ip: &IpAddr| matches!(ip, IpAddr::V4(v4) if v4.is_private() || v4.is_link_local() || v4.is_loopback());
    let mut found: Vec<IpAddr> = all.iter().map(if_addrs::Interface::ip).filter(private).collect();
    found.sort_unstable();
    found
}

/// The certificate of now: of the addresses that the box has at the time of a handshake.
pub struct Certificates {
    authority: Arc<Authority>,
    host: String,
    issued: Mutex<Option<Issued>>,
}

struct Issued {
    addresses: Vec<IpAddr>,
    at: SystemTime,
    key: Arc<CertifiedKey>,
}

impl Certificates {
    pub fn new(authority: Arc<Authority>, host: String) -> Certificates {
        Certificates { authority, host, issued: Mutex::new(None) }
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "certificates of {}", self.host)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let addresses = addresses();
        let now = SystemTime::now();
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = &*issued
            && held.addresses == addresses
            && now.duration_since(held.at).is_ok_and(|age| age < RENEWED_AFTER)
        {
            return Some(held.key.clone());
        }
        match self.authority.issue(&self.host, &addresses, now) {
            Ok(key) => {
                let key = Arc::new(key);
                *issued = Some(Issued { addresses, at: now, key: key.clone() });
                Some(key)
            }
            Err(error) => {
                tracing::error!(%error, "lan.certificate");
                None
            }
        }
    }
}
