//! Mail through the operator's own mail server, the one way by which Keepwell writes to people.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use app::notices::mail::Letter;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::Deserialize;

/// How long a mail server may take for one step; a slow one must not hold up the queue.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long handing a letter over may take in all: `PATIENCE` ends with the connection, and a task is leased for a minute.
const IN_ALL: Duration = Duration::from_secs(45);
/// Answers that are about our name and password and not about the letter (RFC 4954); those can be put right.
const NOT_LET_IN: [&str; 4] = ["530", "534", "535", "538"];

/// What can be said about mail on the command line and in the environment.
// The group is named by the type unless it is told otherwise, and the flags around these are called the same.
#[derive(Clone, Default, clap::Args)]
#[group(id = "mail")]
pub struct Flags {
    /// The mail server's name; without one, no mail is sent.
    #[arg(long, env = "KEEPWELL_SMTP_HOST", global = true)]
    pub smtp_host: Option<String>,
    /// The mail server's port; 587, or 465 with implicit TLS.
    #[arg(long, env = "KEEPWELL_SMTP_PORT", global = true)]
    pub smtp_port: Option<u16>,
    /// How the connection is encrypted: starttls, implicit, or none for a server on this machine.
    #[arg(long, env = "KEEPWELL_SMTP_TLS", global = true)]
    pub smtp_tls: Option<String>,
    /// The name to sign in with at the mail server.
    #[arg(long, env = "KEEPWELL_SMTP_USER", global = true)]
    pub smtp_user: Option<String>,
    /// The password to sign in with; better in a file.
    #[arg(long, env = "KEEPWELL_SMTP_PASSWORD", global = true, hide_env_values = true)]
    pub smtp_password: Option<String>,
    /// A file that holds the password.
    #[arg(long, env = "KEEPWELL_SMTP_PASSWORD_FILE", global = true)]
    pub smtp_password_file: Option<PathBuf>,
    /// Who mail comes from, such as "Keepwell <keepwell@example.com>".
    #[arg(long, env = "KEEPWELL_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flags").field("smtp_host", &self.smtp_host).finish_non_exhaustive()
    }
}

/// The same in the section `[mail]` of the file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    smtp_host: Option<String>,
    smtp_port: Option<u16>,
    smtp_tls: Option<String>,
    smtp_user: Option<String>,
    smtp_password: Option<String>,
    smtp_password_file: Option<PathBuf>,
    from: Option<String>,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("smtp_host", &self.smtp_host).finish_non_exhaustive()
    }
}

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// From the start.
    Implicit,
    /// After a word in the clear; a server that does not offer it gets no mail.
    StartTls,
    /// Not at all.
    None,
}

/// The mail server in force. Its password is shown nowhere.
#[derive(Clone)]
pub struct Mail {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// Name and password, where the server asks for them.
    pub login: Option<(String, String)>,
    /// Who mail comes from.
    pub from: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Mail {
    /// Puts the sources together and checks them; nothing where no mail server is named.
    pub fn load(flags: &Flags, file: Option<File>) -> anyhow::Result<Option<Self>> {
        let file = file.unwrap_or_default();
        let Some(host) = flags.smtp_host.clone().or(file.smtp_host).filter(|host| !host.is_empty()) else {
            return Ok(None);
        };
        let encryption = match flags.smtp_tls.as_deref().or(file.smtp_tls.as_deref()).unwrap_or("starttls") {
            "starttls" => Encryption::StartTls,
            "implicit" => Encryption::Implicit,
            "none" => Encryption::None,
            other => bail!("KEEPWELL_SMTP_TLS is “{other}”. It is starttls, implicit or none."),
        };
        let usual = if encryption == Encryption::Implicit { 465 } else { 587 };
        let port = flags.smtp_port.or(file.smtp_port).unwrap_or(usual);
        let path = flags.smtp_password_file.as_ref().or(file.smtp_password_file.as_ref());
        let password = match (flags.smtp_password.clone().or(file.smtp_password), path) {
            (Some(password), _) => Some(password),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
                Some(text.trim_end_matches(['\r', '\n']).to_owned())
            }
            (None, None) => None,
        };
        let login = match (flags.smtp_user.clone().or(file.smtp_user), password) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            _ => bail!("KEEPWELL_SMTP_USER and a password belong together. Set both or neither."),
        };
        let here = ["127.0.0.1", "::1", "localhost"].contains(&host.as_str());
        if encryption == Encryption::None && login.is_some() && !here {
            bail!("KEEPWELL_SMTP_TLS=none would send the password of the mail server in the clear. Use starttls.");
        }
        let Some(from) = flags.mail_from.clone().or(file.from) else {
            bail!("KEEPWELL_MAIL_FROM says who mail comes from, such as keepwell@example.com. Set it, too.");
        };
        from.parse::<Mailbox>().with_context(|| format!("KEEPWELL_MAIL_FROM is “{from}”, which is no address"))?;
        Ok(Some(Self { host, port, encryption, login, from }))
    }
}

/// Why a letter was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// What the server said, or why it was not reached.
    pub why: String,
    /// Whether trying again is of no use.
    pub for_good: bool,
}

/// Hands letters to the mail server; cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").finish_non_exhaustive()
    }
}

impl Mailer {
    /// Makes a mailer; nothing is connected until there is a letter.
    pub fn new(mail: &Mail) -> anyhow::Result<Self> {
        let from: Mailbox = mail.from.parse().context("the address that mail comes from")?;
        let tls = match mail.encryption {
            Encryption::Implicit => Tls::Wrapper(TlsParameters::new(mail.host.clone())?),
            Encryption::StartTls => Tls::Required(TlsParameters::new(mail.host.clone())?),
            Encryption::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(mail.host.as_str())
            .port(mail.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(from.email.domain().to_owned()));
        if let Some((user, password)) = &mail.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Hands a letter over. Its id is the same at every try, so that a server that took it already can tell.
    pub async fn send(&self, letter: &Letter) -> Result<(), Returned> {
        let message = self.message(letter).map_err(|why| Returned { why: format!("{why:#}"), for_good: true })?;
        match tokio::time::timeout(IN_ALL, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                let let_in = error.status().is_none_or(|code| !NOT_LET_IN.contains(&code.to_string().as_str()));
                Err(Returned { why: error.to_string(), for_good: error.is_permanent() && let_in })
            }
            Err(_) => Err(Returned { why: "The mail server did not answer in time.".to_owned(), for_good: false }),
        }
    }

    fn message(&self, letter: &Letter) -> anyhow::Result<Message> {
        let to = Mailbox::new(Some(one_line(&letter.to_name)), letter.to.parse().context("the person's address")?);
        let header = |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(one_line(&letter.subject))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        if let Some(stop) = &letter.stop {
            builder = builder
                .raw_header(header("List-Unsubscribe", format!("<{stop}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        let words = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        if letter.attachments.is_empty() {
            return Ok(builder.multipart(words)?);
        }
        let mut whole = MultiPart::mixed().multipart(words);
        for file in &letter.attachments {
            let part = Attachment::new(one_line(&file.name)).body(file.bytes.clone(), file.mime.parse()?);
            whole = whole.singlepart(part);
        }
        Ok(builder.multipart(whole)?)
    }
}

/// Returns a text without line breaks and other control characters, which would end a header.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(host: &str) -> Flags {
        Flags { smtp_host: Some(host.into()), mail_from: Some("kw@example.com".into()), ..Flags::default() }
    }

    #[test]
    fn mail_is_set_up_whole_or_not_at_all() {
        assert!(Mail::load(&Flags::default(), None).unwrap().is_none());
        let mail = Mail::load(&flags("mail.example.com"), None).unwrap().unwrap();
        assert_eq!((mail.port, mail.encryption), (587, Encryption::StartTls));
        let implicit = Flags { smtp_tls: Some("implicit".into()), ..flags("mail.example.com") };
        assert_eq!(Mail::load(&implicit, None).unwrap().unwrap().port, 465);
        let login = |tls: &str, host: &str| Flags {
            smtp_tls: Some(tls.into()),
            smtp_user: Some("kw".into()),
            smtp_password: Some("hush".into()),
            ..flags(host)
        };
        assert!(Mail::load(&login("none", "127.0.0.1"), None).is_ok());
        for wrong in [
            login("none", "mail.example.com"),
            login("maybe", "mail.example.com"),
            Flags { smtp_user: Some("kw".into()), ..flags("mail.example.com") },
            Flags { mail_from: None, ..flags("mail.example.com") },
            Flags { mail_from: Some("not an address".into()), ..flags("mail.example.com") },
        ] {
            assert!(Mail::load(&wrong, None).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_password_is_shown_nowhere() {
        let flags = Flags { smtp_user: Some("kw".into()), smtp_password: Some("hush".into()), ..flags("localhost") };
        let mail = Mail::load(&flags, None).unwrap().unwrap();
        assert!(!format!("{flags:?} {mail:?}").contains("hush"));
    }

    #[test]
    fn nothing_that_people_write_becomes_a_header() {
        let mailer = Mailer::new(&Mail::load(&flags("localhost"), None).unwrap().unwrap()).unwrap();
        let letter = Letter {
            id: "1".into(),
            to: "sam@example.com".into(),
            to_name: "Sam\r\nBcc: all@example.com".into(),
            subject: "Hello\r\nBcc: all@example.com\r\n\r\nBody".into(),
            text: "Text".into(),
            html: "<p>Text</p>".into(),
            stop: Some("https://kw.example.com/unsubscribe?token=a".into()),
            attachments: Vec::new(),
        };
        let message = mailer.message(&letter).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc:")), "{head}");
        assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
        let wrong = Letter { to: "sam@example.com\r\nRCPT TO:<all@example.com>".into(), ..letter };
        assert!(mailer.message(&wrong).is_err());
    }
}
