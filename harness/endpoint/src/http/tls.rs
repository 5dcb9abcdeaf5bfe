//! TLS, where it is built in.

#[cfg(feature = "aws")]
pub(super) use with::Tls;
#[cfg(not(feature = "aws"))]
pub(super) use without::Tls;

#[cfg(feature = "aws")]
mod with {
    use std::io;
    use std::path::Path;
    use std::sync::Arc;

    use parallax_contract::TransportFault;
    use tokio::net::TcpStream;
    use tokio_rustls::TlsConnector;
    use tokio_rustls::client::TlsStream;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;
    use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
    use tokio_rustls::rustls::{ClientConfig, Error, RootCertStore};

    /// How connections to one host are secured: by the certificates that the system trusts.
    pub(in crate::http) struct Tls {
        connector: TlsConnector,
        host: ServerName<'static>,
    }

    impl Tls {
        /// For this host; the certificates of the file are trusted as well.
        pub(in crate::http) fn new(host: &str, certificates: Option<&Path>) -> Result<Self, String> {
            let name = ServerName::try_from(host.to_owned());
            let provider = Arc::new(ring::default_provider());
            let config = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .map_err(|error| error.to_string())?
                .with_root_certificates(roots(certificates)?)
                .with_no_client_auth();
            Ok(Self {
                connector: TlsConnector::from(Arc::new(config)),
                host: name.map_err(|_| "its host is no name that a certificate can have; give another".to_owned())?,
            })
        }

        /// Secures a connection.
        pub(in crate::http) async fn over(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, TransportFault> {
            let secured = self.connector.connect(self.host.clone(), stream).await;
            secured.map_err(|error| TransportFault::GivenUp(format!("no secure connection: {error}{}", mend(&error))))
        }
    }

    /// What to do where the certificate is not trusted. `SSL_CERT_FILE` is where the system's certificates are looked for
    /// first: <https://docs.rs/rustls-native-certs>.
    fn mend(error: &io::Error) -> &'static str {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
        match inner {
            Some(Error::InvalidCertificate(_)) => {
                " (SSL_CERT_FILE may name the certificate of an authority of your own)"
            }
            _ => "",
        }
    }

    fn roots(certificates: Option<&Path>) -> Result<RootCertStore, String> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = certificates {
            let unread = |error| format!("the certificates of {} cannot be read: {error}", path.display());
            for certificate in CertificateDer::pem_file_iter(path).map_err(unread)? {
                let added = roots.add(certificate.map_err(unread)?);
                added.map_err(|error| format!("a certificate of {} is none: {error}", path.display()))?;
            }
        }
        match roots.is_empty() {
            true => Err("the system trusts no certificates; install them (ca-certificates)".to_owned()),
            false => Ok(roots),
        }
    }
}

#[cfg(not(feature = "aws"))]
mod without {
    use std::path::Path;

    use parallax_contract::TransportFault;
    use tokio::net::TcpStream;

    /// What there is none of in this build.
    pub(in crate::http) enum Tls {}

    impl Tls {
        pub(in crate::http) fn new(_: &str, _: Option<&Path>) -> Result<Self, String> {
            Err("this build does not speak it; build with the feature `aws`, or use http://".to_owned())
        }

        pub(in crate::http) async fn over(&self, _: TcpStream) -> Result<TcpStream, TransportFault> {
            match *self {}
        }
    }
}
