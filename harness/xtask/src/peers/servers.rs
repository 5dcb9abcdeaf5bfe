//! Who is measured.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use camino::Utf8Path;

use crate::failure::{At as _, Failure};
use crate::shell::program;

/// How often it is looked whether a server listens.
const LOOKS: u32 = 100;

/// A server that ends when it is dropped.
pub(crate) struct Server {
    pub(super) name: &'static str,
    pub(crate) url: String,
    /// Whether its answers are of the service's form.
    pub(super) can_be_checked: bool,
    child: Child,
}

impl Server {
    /// nginx with one worker, which says 200 to whatever comes.
    pub(super) fn nginx(folder: &Utf8Path) -> Result<Self, Failure> {
        let port = free_port()?;
        let config = folder.join("nginx.conf");
        std::fs::write(&config, nginx(folder, port)).at(&config)?;
        let child = program("nginx")
            .args(["-c", config.as_str(), "-p", folder.as_str()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .at("nginx")?;
        let server = Self {
            name: "nginx, return 200",
            url: format!("http://127.0.0.1:{port}"),
            can_be_checked: false,
            child,
        };
        for _ in 0..LOOKS {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(Failure::new("nginx does not listen"))
    }

    /// The embedded emulator as a process of its own.
    pub(crate) fn embedded(binary: &Utf8Path) -> Result<Self, Failure> {
        Self::serving(binary, "embedded emulator", &[])
    }

    /// The embedded emulator with further words.
    pub(crate) fn serving(binary: &Utf8Path, name: &'static str, words: &[&str]) -> Result<Self, Failure> {
        let mut child = program(binary)
            .args(["serve", "--quiet"])
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .at(binary)?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).at(binary)?;
        }
        Ok(Self {
            name,
            url: line.trim().to_owned(),
            can_be_checked: true,
            child,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // nginx ends its workers on a request to end, not when it is killed.
        let id = self.child.id().to_string();
        if program("kill")
            .args(["-TERM", &id])
            .status()
            .is_ok_and(|status| status.success())
        {
            self.child.wait().ok();
        }
    }
}

fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").at("a free port")?;
    Ok(listener.local_addr().at("a free port")?.port())
}

fn nginx(folder: &Utf8Path, port: u16) -> String {
    format!(
        "daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;\n\
         events {{ worker_connections 4096; }}\n\
         http {{\n  access_log off; keepalive_requests 1000000000;\n  client_body_temp_path {folder}/body;\n  \
         proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; \
         scgi_temp_path {folder}/scgi;\n  server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ return 200; }} }}\n}}\n"
    )
}
