//! A hub of the test's own that listens on loopback, and somebody who asks it as a page does. Where `CATENA_TEST_POSTGRES` names a server, its
//! store lies there.
use crate::server;
use calamine::{Data, Reader, Xlsx};
use hub::app::App;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub struct Site {
    pub app: Arc<App>,
    pub address: SocketAddr,
    /// Of the first person.
    pub password: String,
    folder: PathBuf,
    server: tokio::task::JoinHandle<()>,
}

/// A browser with its cookie.
#[derive(Clone)]
pub struct Page {
    client: reqwest::Client,
    base: String,
    cookie: String,
}

static COMMANDS: AtomicU64 = AtomicU64::new(1);

/// A fresh command id, as a page makes it.
pub fn id() -> String {
    format!("{:032x}", COMMANDS.fetch_add(1, Ordering::Relaxed))
}

impl Site {
    pub async fn new(name: &str) -> Site {
        let folder = std::env::temp_dir().join(format!("catena-api-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        if let Some(server) = server::Server::standing() {
            hub::install::Install::new(&folder).keep_store(&server.database()).expect("kept");
        }
        let data = folder.clone();
        let made = tokio::task::spawn_blocking(move || hub::init::init(&data, "样板连锁").map_err(|error| error.to_string()));
        let password = made.await.expect("made").expect("a chain").password;
        Site::open(folder, password).await
    }

    async fn open(folder: PathBuf, password: String) -> Site {
        let app = hub::serve::wired(&folder).await.expect("wired");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let router = hub::http::router(app.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Site { app, address, password, folder, server }
    }

    /// The process ends and another opens the same folder.
    pub async fn restarted(mut self) -> Site {
        self.server.abort();
        let (clerk, folder, password) = (self.app.clerk.clone(), std::mem::take(&mut self.folder), self.password.clone());
        tokio::task::spawn_blocking(move || clerk.stop()).await.expect("stopped");
        drop(self);
        Site::open(folder, password).await
    }

    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    pub fn page(&self) -> Page {
        // Only the first of the tests in a process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Page { client: reqwest::Client::new(), base: format!("http://{}", self.address), cookie: String::new() }
    }

    /// The first person's page.
    pub async fn head_office(&self) -> Page {
        let mut page = self.page();
        assert_eq!(page.sign_in("hq", &self.password).await.0, 200);
        page
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if !self.folder.as_os_str().is_empty() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

impl Page {
    /// The same browser at another address.
    pub fn at(&self, site: &Site) -> Page {
        Page { base: format!("http://{}", site.address), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let (status, text) = self.text(path).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub async fn text(&self, path: &str) -> (u16, String) {
        let request = self.client.get(format!("{}{path}", self.base)).header(COOKIE, &self.cookie);
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    }

    /// An Excel file as its cells, and the name that it came under; a refusal as text.
    pub async fn sheet(&self, path: &str) -> Result<(String, Vec<Vec<Data>>), (u16, String)> {
        let request = self.client.get(format!("{}{path}", self.base)).header(COOKIE, &self.cookie);
        let answer = request.send().await.expect("an answer");
        if answer.status() != 200 {
            return Err((answer.status().as_u16(), answer.text().await.expect("a body")));
        }
        let name = answer.headers()["content-disposition"].to_str().expect("ascii").to_owned();
        let mut book = Xlsx::new(std::io::Cursor::new(answer.bytes().await.expect("a body").to_vec())).expect("a workbook");
        let first = book.sheet_names().first().expect("a sheet").clone();
        let cells = book.worksheet_range(&first).expect("cells");
        Ok((name, cells.rows().map(<[Data]>::to_vec).collect()))
    }

    /// The status only: an event stream never ends.
    pub async fn status(&self, path: &str) -> u16 {
        let request = self.client.get(format!("{}{path}", self.base)).header(COOKIE, &self.cookie);
        request.send().await.expect("an answer").status().as_u16()
    }

    /// A field of the answer's head.
    pub async fn header(&self, path: &str, name: &str) -> Option<String> {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        answer.headers().get(name).map(|value| value.to_str().expect("ascii").to_owned())
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(path, body.to_string().into_bytes(), true).await.0
    }

    /// A post with or without the header of our own pages; answers also the cookie it set.
    pub async fn send(&self, path: &str, body: Vec<u8>, ours: bool) -> ((u16, Value), Option<String>) {
        let mut request = self.client.post(format!("{}{path}", self.base)).header(COOKIE, &self.cookie).body(body);
        if ours {
            request = request.header("x-catena", "1");
        }
        let answer = request.send().await.expect("an answer");
        let cookie = answer.headers().get(SET_COOKIE).map(|value| value.to_str().expect("ascii").to_owned());
        let status = answer.status().as_u16();
        ((status, serde_json::from_str(&answer.text().await.expect("a body")).unwrap_or_default()), cookie)
    }

    pub async fn sign_in(&mut self, code: &str, password: &str) -> (u16, Value) {
        let body = json!({"code": code, "password": password}).to_string().into_bytes();
        let (answer, cookie) = self.send("/api/session/sign_in", body, true).await;
        if let Some(cookie) = cookie {
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"), "{cookie}");
            self.cookie = cookie.split(';').next().expect("a pair").to_owned();
        }
        answer
    }

    /// A command under a fresh id.
    pub async fn command(&self, name: &str, body: Value) -> (u16, Value) {
        self.command_as(&id(), name, body).await
    }

    pub async fn command_as(&self, id: &str, name: &str, mut body: Value) -> (u16, Value) {
        body["id"] = json!(id);
        self.post(&format!("/api/commands/{name}"), &body).await
    }

    /// A command that must be done.
    pub async fn done(&self, name: &str, body: Value) -> Value {
        let (status, answer) = self.command(name, body).await;
        assert_eq!(status, 200, "{name}: {answer}");
        answer
    }

    /// Sends a file and waits for its job.
    pub async fn import(&self, kind: &str, text: &str) -> Value {
        let ((status, answer), _) = self.send(&format!("/api/import/{kind}"), text.as_bytes().to_vec(), true).await;
        assert_eq!(status, 200, "{answer}");
        let job = answer["job"].as_str().expect("a job").to_owned();
        for _ in 0..600 {
            let (_, import) = self.get(&format!("/api/import/{job}")).await;
            if import["state"] != "running" {
                return import;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("the import of {kind} did not end");
    }
}
