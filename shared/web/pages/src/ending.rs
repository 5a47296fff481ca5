//! A server's end: requests under way are answered, event streams, which never end by themselves, are closed, and it is over within a bound.
use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::serve::Listener;
use futures_util::StreamExt;
use std::future::{Future, IntoFuture};
use std::time::Duration;
use tokio::sync::watch;

/// How long answers may take once the end was asked for.
const PATIENCE: Duration = Duration::from_secs(8);

/// Serves until `asked` is over.
///
/// # Errors
/// That of the listener.
pub async fn serve<L: Listener>(listener: L, router: Router, asked: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()>
where
    L::Addr: std::fmt::Debug,
{
    let (end, ending) = watch::channel(false);
    let mut over = ending.clone();
    let router = router.layer(axum::middleware::map_response(move |response: Response| {
        let ending = ending.clone();
        async move { closing(response, ending) }
    }));
    let served = axum::serve(listener, router).with_graceful_shutdown(async move {
        asked.await;
        end.send_replace(true);
    });
    tokio::select! {
        done = served.into_future() => done,
        () = async { let _ = over.wait_for(|ended| *ended).await; tokio::time::sleep(PATIENCE).await } => Ok(()),
    }
}

/// An event stream that ends with the server.
fn closing(response: Response, mut ending: watch::Receiver<bool>) -> Response {
    let stream = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if !stream {
        return response;
    }
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(async move { ending.wait_for(|ended| *ended).await.is_ok() })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::sse::{Event, Sse};
    use axum::routing::get;
    use std::convert::Infallible;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    async fn slow() -> &'static str {
        tokio::time::sleep(Duration::from_millis(500)).await;
        "answered"
    }

    async fn asked(address: std::net::SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("listens");
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n").as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("the server closes");
        answer
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_under_way_is_answered_and_event_streams_are_closed() {
        let events = || async {
            let first = futures_util::stream::iter([Ok::<_, Infallible>(Event::default().data("first"))]);
            Sse::new(first.chain(futures_util::stream::pending()))
        };
        let router = Router::new().route("/slow", get(slow)).route("/events", get(events));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, router, async { drop(ended.await) }));
        let (slow, events) = (tokio::spawn(asked(address, "/slow")), tokio::spawn(asked(address, "/events")));
        tokio::time::sleep(Duration::from_millis(200)).await;
        end.send(()).expect("the server waits");
        assert!(slow.await.expect("read").ends_with("answered"));
        assert!(events.await.expect("read").contains("data: first"));
        let ended = tokio::time::timeout(PATIENCE / 2, server).await.expect("nothing was left to wait for");
        ended.expect("ends").expect("well");
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    }
}
