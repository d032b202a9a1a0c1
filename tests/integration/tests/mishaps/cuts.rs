//! A recorded exchange with a directory, several pages long, that ends after each of its bytes.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use agent::{
    Password, ReadError, Source,
    read::{Summary, read},
    source::{Limits, Security, Trust},
    stream::Writer,
};
use sample_directory::{Options, SampleDirectory, people, start};
use server::{
    directory::{Reader, Streams},
    security::egress::Egress,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

/// What the server said, in pieces: each follows one more message of the client.
type Recording = Vec<Vec<u8>>;

fn source(directory: &SampleDirectory, address: SocketAddr) -> Source {
    Source {
        host: "127.0.0.1".to_owned(),
        address: Some(address),
        port: address.port(),
        security: Security::PlainTextOnPurpose,
        trust: Trust::PublicAuthorities,
        bind_name: directory.bind_name(),
        password: Password::new(directory.password().to_owned()),
        base: directory.base().to_owned(),
        filter: None,
        find: None,
        places: None,
        groups: false,
        page_size: 2,
        limits: Limits::default(),
    }
}

/// The stream that a read of `source` gives, sealed or with the reason why not, and how it ended.
async fn streamed(source: &Source) -> (Vec<u8>, Result<Summary, ReadError>) {
    let mut stream = Vec::new();
    let mut writer = Writer::new(&mut stream);
    let outcome = read(source, &mut writer).await;
    let told = match &outcome {
        Ok(_) => writer.seal(),
        Err(error) => writer.failed(error.clone()),
    };
    told.expect("memory takes everything");
    (stream, outcome)
}

fn write_down(recording: &Mutex<Recording>, said: &[u8]) {
    let mut pieces = recording.lock().expect("nobody panics holding it");
    pieces.last_mut().expect("the client speaks first").extend_from_slice(said);
}

/// Reads the directory once, over a relay that takes its TLS off and writes down what it says.
async fn record(directory: &SampleDirectory) -> Recording {
    let mut roots = RootCertStore::empty();
    let authority =
        CertificateDer::from_pem_slice(directory.ca_pem().as_bytes()).expect("it is a certificate");
    roots.add(authority).expect("it is an authority's");
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(directory.host().to_owned()).expect("it is a name");
    let server = TcpStream::connect(directory.address()).await.expect("it listens");
    let server = TlsConnector::from(Arc::new(config)).connect(name, server).await.expect("it is trusted");
    let relay = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let source = source(directory, relay.local_addr().expect("it has an address"));
    let relayed = tokio::spawn(async move {
        let (client, _) = relay.accept().await.expect("somebody reads");
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = tokio::io::split(server);
        let recording = Mutex::new(Recording::new());
        let up = async {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
                recording.lock().expect("nobody panics holding it").push(Vec::new());
                to_server.write_all(&buffer[..length]).await.expect("the server listens");
            }
        };
        let down = async {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
                let said = &buffer[..length];
                write_down(&recording, said);
                to_client.write_all(said).await.expect("the client listens");
            }
        };
        tokio::select! { () = up => {}, () = down => {} }
        recording.into_inner().expect("nobody panicked holding it")
    });
    let (_, outcome) = streamed(&source).await;
    assert_eq!(outcome.expect("it is whole"), Summary { accounts: 5, pages: 3 });
    relayed.await.expect("nothing panics")
}

/// Says what was recorded to one client, as it was said, up to so many bytes; then hangs up.
async fn say(recording: &Recording, client: &mut TcpStream, mut bytes: usize) -> std::io::Result<()> {
    let mut request = [0; 4096];
    for piece in recording {
        if client.read(&mut request).await? == 0 {
            break;
        }
        let some = piece.len().min(bytes);
        client.write_all(&piece[..some]).await?;
        bytes -= some;
        if some < piece.len() {
            break;
        }
    }
    client.shutdown().await
}

#[tokio::test]
async fn d1_cut_after_any_byte_of_three_pages_a_read_is_no_snapshot() {
    server::web::install_tls_provider();
    let few = people().into_iter().take(5).collect();
    let directory = start(Options { people: few, ..Options::default() }).await.expect("it starts");
    let recording = Arc::new(record(&directory).await);
    let all: usize = recording.iter().map(Vec::len).sum();
    assert!(all > 2_000, "{all}");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let source = source(&directory, address);
    let egress = Egress {
        allowed_networks: vec!["127.0.0.0/8".parse().expect("a network")],
        allowed_ports: vec![address.port()],
    };
    let stream: Arc<Mutex<Vec<u8>>> = Arc::default();
    let streams: Streams = {
        let stream = Arc::clone(&stream);
        Arc::new(move |_| stream.lock().expect("nobody panics holding it").clone())
    };
    let reader = Reader::of_streams(streams, egress);
    for bytes in 0..=all {
        let saying = async {
            let (mut client, _) = listener.accept().await.expect("somebody reads");
            // Whoever was hung up on may hang up as well.
            let _ = say(&recording, &mut client, bytes).await;
        };
        let ((streamed, outcome), ()) = tokio::join!(streamed(&source), saying);
        *stream.lock().expect("nobody panics holding it") = streamed;
        let snapshot = reader.read(source.clone(), |_| {}).await;
        assert_eq!(snapshot.is_ok(), bytes == all, "{bytes} of {all}: {outcome:?}");
        if let Ok(snapshot) = snapshot {
            assert_eq!(snapshot.ids().len(), 5);
        }
    }
}
