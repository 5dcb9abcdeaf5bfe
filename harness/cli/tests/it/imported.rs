//! Cassettes of other recorders.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use crate::binary::{Ended, run};
use crate::serving::Serving;

/// An answer in which an account and a request id stand.
const ANSWER: &str = "\
<DescribeCacheSecurityGroupsResponse xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\">\
<DescribeCacheSecurityGroupsResult><CacheSecurityGroups><CacheSecurityGroup>\
<OwnerId>123456789012</OwnerId><CacheSecurityGroupName>web</CacheSecurityGroupName>\
<Description>for the web</Description><EC2SecurityGroups/>\
<ARN>arn:aws:elasticache:us-east-1:123456789012:securitygroup:web</ARN></CacheSecurityGroup>\
</CacheSecurityGroups></DescribeCacheSecurityGroupsResult><ResponseMetadata>\
<RequestId>00000000-1111-2222-3333-444444444444</RequestId></ResponseMetadata>\
</DescribeCacheSecurityGroupsResponse>";
/// The same as gzip and as a zlib stream, in base64.
const GZIP: &str = "\
H4sIAAAAAAACA41SXU/DIBT9K83e2S1s84MwEjON8cGZzF/A6HVt0kLlI1V/vXTpYjWd2QkPcC7ncjgg7tFrV+1xo3SJr6ijq8Ln\
o7Ox9Tv0rTUes4+mNn49K0NoOQDWyodK9/vnqlFf1qjOz7VtoLAaWE5XJGdpwEyK/7vHOkgxUZoipXjpDLqnQlK2WK6urm9uc8oE\
nNgJyVY1KDvcCzhTG+y1obJGvlmXhRKzo2BcEA8b9tsfSHG320rlDE9X56NAePQE04pQPrbJ/aA/9Hp+PKLvMOVskkyRwAVZnl7s\
GYMqVFA98x7RhxRQPoDQBMISyCKBLEcQ8LO/n//tBhf8FvkNFuBholMCAAA=";
const ZLIB: &str = "\
eJyNUV1PwyAU/SvN3hmFbX4QJDHTGB+cyfwFjF5tkxYqH6n664Wmi9Uw9YQHOPeey+HAb8Ap2xxgK1UNT6CCbfz7nTWhd3twvdEO\
ireu1e5qUXvfM4yhlc43KvUvZSc/jJaDWyrT4cooTEuyQSWNCy8E/316aL3gmVKOFPxx0GDvK0Hoar05O7+4LAnl+MhmJDvZgRjg\
wPGJ2mSv943R4tnYwtdQjIJ5gd9u6Xd/WPDr/U5Iq1l8OpsFwoJDEE+IsLlN5ib9S9Kz8Yo0IecsS8ZI8D+yPP7YA3hZSS8T8xrA\
+RhQOQGRCEQj0CoCrWfg+Ks/7X9O+8PD2C0+ASOW0yU=";
/// A refusal, in base64.
const REFUSAL: &str = "\
PEVycm9yUmVzcG9uc2UgeG1sbnM9Imh0dHA6Ly9lbGFzdGljYWNoZS5hbWF6b25hd3MuY29tL2RvYy8yMDE1LTAyLTAyLyI+PEVy\
cm9yPjxUeXBlPlNlbmRlcjwvVHlwZT48Q29kZT5DYWNoZUNsdXN0ZXJOb3RGb3VuZDwvQ29kZT48TWVzc2FnZT5ub25lIGlzIG5v\
dCB0aGVyZTwvTWVzc2FnZT48L0Vycm9yPjxSZXF1ZXN0SWQ+eDwvUmVxdWVzdElkPjwvRXJyb3JSZXNwb25zZT4=";

/// A call of another service, as Ruby's VCR has it.
const OTHER: &str = "\
- request:
    method: post
    uri: https://sts.amazonaws.com/
    body:
      encoding: UTF-8
      string: Action=GetCallerIdentity&Version=2011-06-15
    headers: {}
  response:
    status:
      code: 200
      message: OK
    headers: {}
    body:
      encoding: UTF-8
      string: ''
    http_version:
  recorded_at: Tue, 06 May 2014 07:08:10 GMT
";

/// Imports files of these names and texts; the cassette is `it.cassette`.
fn import(folder: &Path, files: &[(&str, &str)]) -> Ended {
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let words = [&["cassette", "import", "vcr"], &names[..], &["--out", "it.cassette"]];
    run(folder, &words.concat())
}

fn cassette(folder: &Path) -> String {
    fs::read_to_string(folder.join("it.cassette")).unwrap()
}

/// What a server answers to a form: the status and the body.
fn post(url: &str, form: &str) -> (u16, String) {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}",
        form.len()
    );
    write!(stream, "{head}\r\n\r\n{form}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// A file of Ruby's VCR: a call that is signed in its form, one of another service, and a refusal.
fn of_ruby() -> String {
    let form = "AWSAccessKeyId=AKIDSECRETKEY&Action=DescribeCacheSecurityGroups&CacheSecurityGroupName=web\
                &Signature=c2VjcmV0&SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=2014-05-06T07%3A08%3A09Z\
                &Version=2015-02-02";
    let tags = "Action=ListTagsForResource&ResourceName=arn%3Aaws%3Aelasticache%3Aus-east-1%3A123456789012%3Acluster\
                %3Anone&Version=2015-02-02";
    format!(
        r#"---
http_interactions:
- request:
    method: post
    uri: https://elasticache.us-east-1.amazonaws.com/
    body:
      encoding: UTF-8
      string: {form}
    headers:
      Content-Type:
      - application/x-www-form-urlencoded
      Authorization:
      - AWS4-HMAC-SHA256 Credential=AKIDSECRETKEY/20140506
  response:
    status:
      code: 200
      message: OK
    headers:
      X-Amzn-Requestid:
      - 00000000-1111-2222-3333-444444444444
      Content-Type:
      - text/xml
    body:
      encoding: UTF-8
      string: '{ANSWER}'
    http_version:
  recorded_at: Tue, 06 May 2014 07:08:09 GMT
{OTHER}- request:
    method: post
    uri: https://elasticache.us-east-1.amazonaws.com/
    body:
      encoding: UTF-8
      string: {tags}
    headers: {{}}
  response:
    status:
      code: 404
      message: Not Found
    headers:
      Content-Type:
      - text/xml
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        {REFUSAL}
    http_version:
  recorded_at: Wed, 07 May 2014 07:08:10 GMT
recorded_with: VCR 6.2.0
"#
    )
}

/// A file of vcrpy with one call whose answer is packed.
fn of_python() -> String {
    format!(
        r#"interactions:
- request:
    body: Action=DescribeCacheSecurityGroups&Version=2015-02-02&CacheSecurityGroupName=web
    headers:
      Content-Type:
      - application/x-www-form-urlencoded; charset=utf-8
      User-Agent:
      - !!binary |
        Qm90bzM=
    method: POST
    uri: https://elasticache.us-east-1.amazonaws.com/
  response:
    body:
      string: !!binary |
        {GZIP}
    headers:
      Content-Encoding:
      - gzip
      Content-Type:
      - text/xml
      Date:
      - Thu, 07 Mar 2024 01:02:03 GMT
    status:
      code: 200
      message: OK
version: 1
"#
    )
}

#[test]
fn a_cassette_of_ruby_becomes_one_without_what_is_the_accounts_own() {
    let folder = tempfile::tempdir().unwrap();
    let ended = import(folder.path(), &[("groups.yml", &of_ruby())]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    let other = "no call of the service: POST at sts.amazonaws.com";
    assert!(ended.err.contains(other), "{}", ended.err);
    let cassette = cassette(folder.path());
    for secret in ["AKID", "123456789012", "c2VjcmV0", "Signature", "00000000-1111"] {
        assert!(!cassette.contains(secret), "{secret} in {cassette}");
    }
    for kept in [
        r#""provenance":"recorded","date":"2014-05-07""#,
        r#""imported/groups","step":"0001-DescribeCacheSecurityGroups""#,
        r#""step":"0003-ListTagsForResource""#,
        "none is not there",
    ] {
        assert!(cassette.contains(kept), "{kept} in {cassette}");
    }
}

#[test]
fn an_imported_cassette_answers_any_client_once_it_is_served() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(import(folder.path(), &[("groups.yml", &of_ruby())]).code, 0);
    let serving = Serving::with(folder.path(), &["--cassette", "it.cassette"]);
    let url = serving.url();
    let form = "Version=2015-02-02&CacheSecurityGroupName=web&Action=DescribeCacheSecurityGroups";
    let (status, body) = post(&url, form);
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("<Description>for the web</Description>"), "{body}");
    let arn = "arn:aws:elasticache:us-east-1:000000000000:securitygroup:web";
    assert!(body.contains(arn), "{body}");
    let arn = "arn%3Aaws%3Aelasticache%3Aus-east-1%3A210987654321%3Acluster%3Anone";
    let form = format!("Action=ListTagsForResource&Version=2015-02-02&ResourceName={arn}");
    let (status, body) = post(&url, &form);
    assert_eq!(status, 404, "any account may be asked for: {body}");
    let (status, body) = post(&url, "Action=DescribeCacheSecurityGroups&Version=2015-02-02");
    assert_eq!(status, 501);
    assert!(body.contains("<Code>NotRecorded</Code>"), "{body}");
}

#[test]
fn bodies_may_be_packed_and_in_base64_and_files_in_json() {
    let json = |body: &str, coding: &str| {
        format!(
            r#"{{"http_interactions": [{{"request": {{"method": "get", "uri": "https://elasticache.us-east-1.amazonaws.com/?Action=DescribeCacheSecurityGroups&Version=2015-02-02&CacheSecurityGroupName=web&X-Amz-Signature=0",
            "body": {{"encoding": "UTF-8", "string": ""}}, "headers": {{}}}},
            "response": {{"status": {{"code": 200, "message": "OK"}},
            "headers": {{"content-encoding": ["{coding}"], "content-type": ["text/xml"]}},
            "body": {{"encoding": "ASCII-8BIT", "base64_string": "{body}"}}}},
            "recorded_at": "Tue, 06 May 2014 07:08:09 GMT"}}], "recorded_with": "VCR 6.2.0"}}"#
        )
    };
    let list = format!(
        r#"[{{"request": {{"method": "POST", "uri": "http://localhost:4566/",
        "body": "Action=DescribeCacheSecurityGroups&Version=2015-02-02&CacheSecurityGroupName=web", "headers": {{}}}},
        "response": {{"status": {{"code": 200, "message": "OK"}}, "headers": {{"content-type": "text/xml"}},
        "body": {{"string": {ANSWER:?}}}}}}}]"#
    );
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("ruby.json", json(GZIP, "gzip")),
        ("deflated.json", json(ZLIB, "deflate")),
        ("python.yaml", of_python()),
        ("python.json", format!(r#"{{"version": 1, "interactions": {list}}}"#)),
        ("old.json", list),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let ended = import(folder.path(), &files);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    assert!(
        ended.err.contains("what localhost answered is no evidence"),
        "{}",
        ended.err
    );
    let cassette = cassette(folder.path());
    let answers: Vec<_> = cassette.lines().filter(|line| line.contains("for the web")).collect();
    assert_eq!(answers.len(), 5, "{cassette}");
    for answer in answers {
        assert!(
            answer.contains("{account}") && !answer.contains("content-encoding"),
            "{answer}"
        );
    }
    assert!(cassette.contains(r#""imported/python-2""#), "{cassette}");
}

#[test]
fn an_answer_that_departs_from_the_contract_is_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let text = of_ruby().replace("</CacheSecurityGroups>", "");
    let ended = import(folder.path(), &[("groups.yml", &text)]);
    assert_eq!(ended.code, 1, "{}{}", ended.out, ended.err);
    let told = "groups, exchange 1, DescribeCacheSecurityGroups: error";
    assert!(ended.out.contains(told), "{}", ended.out);
    assert!(cassette(folder.path()).contains("for the web"));
}

#[test]
fn what_is_no_cassette_of_another_recorder_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("a.yml", "- 1\n- 2\n"),
        ("b.json", r#"{"interactions": 1}"#),
        ("c.yml", "a: ["),
    ];
    for (name, text) in files {
        let ended = import(folder.path(), &[(name, text)]);
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains(name), "{}", ended.err);
        assert!(ended.err.contains("no cassette of VCR or vcrpy"), "{}", ended.err);
    }
    let other = of_python().replace("elasticache.us-east-1", "sts.us-east-1");
    let other = other.replace("2015-02-02", "2011-06-15");
    let ended = import(folder.path(), &[("other.yaml", &other)]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(!folder.path().join("it.cassette").exists());
}
