//! Signatures held against a service that checks them and is nobody's of ours: moto with its own IAM.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use parallax_contract::{Contract, only_reads};
use parallax_endpoint::signature::Received;
use parallax_endpoint::{HttpSettings, signed};

use crate::emulators::Emulator;
use crate::failure::{At as _, Failure};
use crate::shell::{output, program, root};

/// The first calls, which make a user, its policy and its key, are not checked.
const FREE: &str = "3";
/// Makes them, and prints the key.
const MAKE_KEY: &str = r#"
import boto3, sys
iam = boto3.client("iam", endpoint_url=sys.argv[1], region_name="us-east-1",
                   aws_access_key_id="test", aws_secret_access_key="test")
iam.create_user(UserName="parallax")
iam.put_user_policy(UserName="parallax", PolicyName="all", PolicyDocument=
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
key = iam.create_access_key(UserName="parallax")["AccessKey"]
print(key["AccessKeyId"], key["SecretAccessKey"])
"#;
/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
const KIND: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// What we sign must be accepted, and refused with a byte changed or another key.
pub(super) fn check(moto: &Emulator) -> Result<(), Failure> {
    let strict = Strict::start(moto)?;
    let url = format!("http://{}", strict.address);
    let printed = output(program(moto.bin("python")).args(["-c", MAKE_KEY, &url]))?;
    let keys = printed.trim().split_once(' ');
    let (access_key, secret_key) = keys.ok_or_else(|| Failure::new("moto gave no key"))?;
    let settings = |secret_key: &str| HttpSettings {
        access_key: access_key.to_owned(),
        secret_key: secret_key.to_owned(),
        ..HttpSettings::default()
    };
    let (right, wrong) = (settings(secret_key), settings(&format!("{secret_key}x")));
    let mut accepted = 0;
    for contract in contracts()? {
        for operation in contract.operations.keys().filter(|name| only_reads(name)) {
            let body = format!("Action={operation}&Version={}", contract.service.api_version);
            let service = &contract.service.signing_name;
            let signed = strict.signed(service, &right, &body);
            // What moto does not implement it answers otherwise.
            if strict.post(&signed, &body)?.0 != 200 {
                continue;
            }
            accepted += 1;
            let changed = body.strip_suffix(|_: char| true).unwrap_or_default();
            strict.refuses("a changed byte", &signed, &format!("{changed}X"))?;
            strict.refuses("another key", &strict.signed(service, &wrong, &body), &body)?;
        }
    }
    match accepted {
        0 => Err(Failure::new("moto accepts nothing that we sign")),
        accepted => {
            println!("moto with IAM: {accepted} signed calls accepted, and refused with a byte changed or another key");
            Ok(())
        }
    }
}

/// A moto that checks signatures; it ends when it is dropped.
struct Strict {
    child: Child,
    address: SocketAddr,
}

impl Drop for Strict {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Strict {
    fn start(moto: &Emulator) -> Result<Self, Failure> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).at("a free port")?;
        let address = free.local_addr().at("a free port")?;
        drop(free);
        let child = program(moto.bin("moto_server"))
            .args(["-H", "127.0.0.1", "-p", &address.port().to_string()])
            .env("INITIAL_NO_AUTH_ACTION_COUNT", FREE)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .at("moto_server")?;
        let strict = Self { child, address };
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            if began.elapsed() > PATIENCE {
                return Err(Failure::new("moto does not start"));
            }
            sleep(Duration::from_millis(50));
        }
        Ok(strict)
    }

    fn refuses(&self, what: &str, headers: &[(String, String)], body: &str) -> Result<(), Failure> {
        let (status, said) = self.post(headers, body)?;
        match status == 403 && said.contains("SignatureDoesNotMatch") {
            true => Ok(()),
            false => Err(Failure::new(format!("moto answers {status} to {what}: {body}\n{said}"))),
        }
    }

    fn signed(&self, service: &str, settings: &HttpSettings, body: &str) -> Vec<(String, String)> {
        let mut headers = vec![
            ("host".to_owned(), self.address.to_string()),
            ("content-type".to_owned(), KIND.to_owned()),
        ];
        let request = Received {
            method: "POST",
            target: "/",
            headers: &headers,
            body: body.as_bytes(),
        };
        let own = signed(service, settings, &request);
        headers.extend(own);
        headers
    }

    fn post(&self, headers: &[(String, String)], body: &str) -> Result<(u16, String), Failure> {
        let mut stream = TcpStream::connect(self.address).at("moto")?;
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let length = body.len();
        write!(
            stream,
            "POST / HTTP/1.1\r\n{lines}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .at("moto")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).at("moto")?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        Ok((status.unwrap_or_default(), answer))
    }
}

fn contracts() -> Result<Vec<Contract>, Failure> {
    let folder = root().join("specs/contracts");
    let mut contracts = Vec::new();
    for entry in folder.read_dir_utf8().at(&folder)? {
        let path = entry.at(&folder)?.path().to_owned();
        if path.extension() == Some("json") {
            contracts.push(Contract::from_json(&std::fs::read_to_string(&path).at(&path)?).at(&path)?);
        }
    }
    Ok(contracts)
}
