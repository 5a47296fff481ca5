//! How the line to a database server is kept from the eyes of others: what its address asks for, in the words of PostgreSQL's own clients.
//! `sslmode=require` encrypts and believes any certificate; `verify-full` believes one that the authority in `sslrootcert` signed for this host.
use crate::journal::Fault;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::error::Error;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

const MODE: &str = "sslmode";
const ROOT: &str = "sslrootcert";

/// An address as the client reads it, and how its line is secured.
pub(super) struct Line {
    /// Without what only this module reads.
    pub address: String,
    /// None: as it is, for a socket or a network of one's own.
    pub secured: Option<MakeRustlsConnect>,
}

impl Line {
    /// # Errors
    /// `Server`: a word that is not known here, a root certificate that cannot be read.
    pub fn of(address: &str) -> Result<Line, Fault> {
        let (place, query) = address.split_once('?').unwrap_or((address, ""));
        let named =
            |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(|text| text.replace("%2F", "/"));
        let others: Vec<&str> =
            query.split('&').filter(|pair| ![MODE, ROOT].contains(&pair.split('=').next().unwrap_or_default())).collect();
        let others = others.join("&");
        let (mode, root) = (named(MODE), named(ROOT));
        let (word, secured) = match (mode.as_deref(), root) {
            (None | Some("disable"), None) => ("disable", None),
            (Some("require"), None) => ("require", Some(unchecked()?)),
            (Some("require" | "verify-full"), Some(root)) => ("require", Some(checked(&root)?)),
            (Some("verify-full"), None) => {
                return Err(Fault::Server("sslmode=verify-full needs sslrootcert=FILE, the authority's certificate".into()));
            }
            (None | Some("disable"), Some(_)) => return Err(Fault::Server("sslrootcert=FILE is for sslmode=verify-full".into())),
            (Some(other), _) => return Err(Fault::Server(format!("sslmode={other} is not known here: disable, require or verify-full"))),
        };
        let and = if others.is_empty() { "" } else { "&" };
        Ok(Line { address: format!("{place}?{MODE}={word}{and}{others}"), secured })
    }
}

/// What the server's certificate was refused for, in words for whoever looks after it; none if something else went wrong.
pub(super) fn refused(error: &::postgres::Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(found) = cause {
        let inside = found.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        match inside.and_then(|inside| inside.downcast_ref()).or_else(|| found.downcast_ref()) {
            Some(rustls::Error::InvalidCertificate(why)) => return Some(format!("its certificate {}", in_words(why))),
            Some(other) => return Some(format!("no secured line came about: {other}")),
            None => cause = found.source(),
        }
    }
    None
}

fn in_words(why: &CertificateError) -> String {
    match why {
        // Another authority of the same name is another authority.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => "is not signed by the authority in sslrootcert".into(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is made out for another name than the one in the address".into()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired; or this machine's clock is wrong".into(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet; or this machine's clock is wrong".into()
        }
        other => format!("is refused: {other}"),
    }
}

fn checked(root: &str) -> Result<MakeRustlsConnect, Fault> {
    let unreadable = |why: String| Fault::Server(format!("{root}: {why}"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(root).map_err(|error| unreadable(error.to_string()))? {
        let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
        roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unreadable("no certificate in it".into()));
    }
    let config = config()?.with_root_certificates(roots).with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn unchecked() -> Result<MakeRustlsConnect, Fault> {
    let verifier = Arc::new(Unchecked(Arc::new(ring::default_provider())));
    Ok(MakeRustlsConnect::new(config()?.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()))
}

fn config() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, Fault> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    builder.with_safe_default_protocol_versions().map_err(|error| Fault::Server(error.to_string()))
}

/// Believes that the server is who it says; the one at the other end of the line holds the certificate's key all the same.
#[derive(Debug)]
struct Unchecked(Arc<CryptoProvider>);

impl ServerCertVerifier for Unchecked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("postgres://c@h/d", "postgres://c@h/d?sslmode=disable", false)]
    #[case("postgres://c@h/d?sslmode=disable", "postgres://c@h/d?sslmode=disable", false)]
    #[case("postgres://c@h/d?connect_timeout=3&sslmode=require", "postgres://c@h/d?sslmode=require&connect_timeout=3", true)]
    fn an_address_says_how_its_line_is_secured(#[case] address: &str, #[case] read: &str, #[case] secured: bool) {
        let line = Line::of(address).expect("an address");
        assert_eq!((line.address.as_str(), line.secured.is_some()), (read, secured));
    }

    #[rstest]
    #[case("sslmode=prefer", "sslmode=prefer is not known here: disable, require or verify-full")]
    #[case("sslmode=verify-full", "sslmode=verify-full needs sslrootcert=FILE, the authority's certificate")]
    #[case("sslrootcert=/ca.pem", "sslrootcert=FILE is for sslmode=verify-full")]
    fn what_cannot_be_kept_is_refused(#[case] query: &str, #[case] why: &str) {
        let refused = Line::of(&format!("postgres://c@h/d?{query}")).err();
        assert_eq!(refused, Some(Fault::Server(why.into())));
    }

    #[test]
    fn a_root_certificate_must_be_there() {
        let Err(Fault::Server(why)) = Line::of("postgres://c@h/d?sslmode=verify-full&sslrootcert=%2Fnowhere%2Fca.pem") else {
            panic!("it is not there")
        };
        assert!(why.starts_with("/nowhere/ca.pem: "), "{why}");
    }
}
