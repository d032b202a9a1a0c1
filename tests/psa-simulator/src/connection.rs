//! Cutting a connection, as a network does: without an answer and without a goodbye.

use std::any::Any;
use std::net::{Shutdown, TcpStream as Socket};
use std::os::fd::AsFd as _;

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::HttpRequest;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;

/// A second handle on the socket that a request came in by.
struct Line(Socket);

/// Keep the socket of a new connection within reach of its requests.
pub(crate) fn keep(io: &dyn Any, data: &mut Extensions) {
    let stream = io
        .downcast_ref::<TcpStream>()
        .or_else(|| Some(io.downcast_ref::<TlsStream<TcpStream>>()?.get_ref().0));
    let socket = stream.and_then(|stream| stream.as_fd().try_clone_to_owned().ok());
    if let Some(socket) = socket {
        data.insert(Line(Socket::from(socket)));
    }
}

/// End the connection of this request now, below TLS and HTTP/2.
pub(crate) fn cut(request: &HttpRequest) {
    if let Some(line) = request.conn_data::<Line>() {
        // A connection that the other side has ended is just as gone.
        let _ = line.0.shutdown(Shutdown::Both);
    }
}
