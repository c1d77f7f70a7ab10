//! TLS with a look at the certificate: what it says is kept even where the connection is refused for it.

use std::sync::{Arc, Mutex, PoisonError};

use domain::time::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether it is valid for the host, now, and signed by somebody who is trusted.
    pub is_valid: bool,
}

/// Checks certificates as ever and remembers the last one.
#[derive(Debug)]
pub(super) struct Inspector {
    inner: Arc<WebPkiServerVerifier>,
    seen: Mutex<Option<Certificate>>,
}

impl Inspector {
    /// Returns the certificate of the connection, if it came so far.
    pub fn certificate(&self) -> Option<Certificate> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Whom to trust: the roots of the browsers and those of the operator.
#[derive(Clone, Debug)]
pub(super) struct Trust {
    roots: Arc<RootCertStore>,
    provider: Arc<CryptoProvider>,
}

impl Trust {
    /// Trusts the well-known roots and these.
    pub fn new(extra: &[CertificateDer<'static>]) -> anyhow::Result<Self> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for root in extra {
            roots.add(root.clone())?;
        }
        Ok(Self { roots: Arc::new(roots), provider: Arc::new(ring::default_provider()) })
    }

    /// Returns the configuration of one connection, and who inspects its certificate.
    pub fn connection(&self) -> anyhow::Result<(ClientConfig, Arc<Inspector>)> {
        let inner = WebPkiServerVerifier::builder_with_provider(self.roots.clone(), self.provider.clone()).build()?;
        let inspector = Arc::new(Inspector { inner, seen: Mutex::new(None) });
        let config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(inspector.clone())
            .with_no_client_auth();
        Ok((config, inspector))
    }
}

impl ServerCertVerifier for Inspector {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let seen = not_after(end_entity).map(|expires_at| Certificate { expires_at, is_valid: verdict.is_ok() });
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        verdict
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Returns when a certificate ends: the second time of `tbsCertificate.validity` (RFC 5280, section 4.1).
fn not_after(der: &[u8]) -> Option<Timestamp> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (certificate, _) = element(der, SEQUENCE)?;
    let (mut rest, _) = element(certificate, SEQUENCE)?;
    if rest.first() == Some(&VERSION) {
        rest = element(rest, VERSION)?.1;
    }
    // Serial number, algorithm and issuer stand before the validity.
    for tag in [0x02, SEQUENCE, SEQUENCE] {
        rest = element(rest, tag)?.1;
    }
    let (validity, _) = element(rest, SEQUENCE)?;
    let (_, rest) = element(validity, *validity.first()?)?;
    let tag = *rest.first()?;
    let (time, _) = element(rest, tag)?;
    time_of(tag, std::str::from_utf8(time).ok()?)
}

/// Returns the content of the first element of DER, which must have this tag, and what stands behind it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    if first != tag {
        return None;
    }
    let (length, rest) = match length {
        short @ 0..=0x7f => (usize::from(short), rest),
        long @ 0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            (bytes.iter().fold(0usize, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// Returns the moment of a `UTCTime` or `GeneralizedTime`.
fn time_of(tag: u8, text: &str) -> Option<Timestamp> {
    const UTC_TIME: u8 = 0x17;
    let text = text.strip_suffix('Z').filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (year, rest) = text.split_at_checked(if tag == UTC_TIME { 2 } else { 4 })?;
    let year: i64 = year.parse().ok()?;
    let year = match (tag == UTC_TIME, year) {
        (true, 0..50) => 2_000 + year,
        (true, _) => 1_900 + year,
        (false, _) => year,
    };
    let two = |at: usize| rest.get(at..at + 2)?.parse::<i64>().ok();
    let (month, day, hour, minute, second) = (two(0)?, two(2)?, two(4)?, two(6)?, two(8)?);
    // Days from the civil calendar, counted from March so that leap days come last.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = y.div_euclid(400);
    let day_of_era =
        y.rem_euclid(400) * 365 + y.rem_euclid(400) / 4 - y.rem_euclid(400) / 100 + (153 * m + 2) / 5 + day - 1;
    let days = era * 146_097 + day_of_era - 719_468;
    Some(Timestamp((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_certificates_are_read() {
        for (tag, text, iso) in [
            (0x17, "261121093005Z", "2026-11-21T09:30:05.000Z"),
            (0x17, "500101000000Z", "1950-01-01T00:00:00.000Z"),
            (0x18, "21240229235959Z", "2124-02-29T23:59:59.000Z"),
            (0x17, "000301000000Z", "2000-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(time_of(tag, text).unwrap().iso(), iso);
        }
        for text in ["", "Z", "26112109300", "2611210930", "26112109300äZ"] {
            assert_eq!(time_of(0x17, text), None, "{text}");
        }
    }

    #[test]
    fn bytes_that_are_no_certificate_have_no_end() {
        for der in
            [&[][..], &[0x30], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x03, 0x30, 0x05, 0x00], b"-----BEGIN"]
        {
            assert_eq!(not_after(der), None);
        }
    }
}
