//! The client over TLS, with an authority that nobody knows.

use std::path::PathBuf;
use std::sync::Arc;

use parallax_contract::{Outcome, TransportFault};
use parallax_endpoint::{Endpoint as _, Exchange, Http, HttpSettings};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::fake::GOOD;
use crate::{contract, create};

/// A server on loopback with a certificate of an authority of its own.
struct Secure {
    url: String,
    /// The authority's certificate as PEM.
    authority: String,
}

impl Secure {
    async fn start() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        let leaf = leaf.signed_by(&key, &issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Who does not trust the certificate hangs up.
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut heard = [0; 4096];
                    assert!(stream.read(&mut heard).await.unwrap() > 0);
                    stream.write_all(GOOD.as_bytes()).await.unwrap();
                }
            }
        });
        Self { url, authority }
    }

    async fn asked(&self, certificates: Option<PathBuf>) -> Exchange {
        let settings = HttpSettings {
            certificates,
            ..HttpSettings::default()
        };
        let http = Http::new(contract(), &self.url, &settings).unwrap();
        http.ask(&create("a")).await
    }
}

#[tokio::test]
async fn whoever_is_vouched_for_is_asked_and_others_are_not() {
    let server = Secure::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.pem");
    std::fs::write(&path, &server.authority).unwrap();
    let trusted = server.asked(Some(path)).await;
    assert_eq!(trusted.answer.unwrap().body, b"good");
    let strange = server.asked(None).await.observation.outcome;
    let Outcome::Lost(TransportFault::GivenUp(why)) = strange else {
        panic!("{strange:?}")
    };
    assert!(
        why.starts_with("no secure connection: ") && why.contains("SSL_CERT_FILE"),
        "{why}"
    );
}
