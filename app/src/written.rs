//! An answer whose JSON exists already: the server sends it as it is, the browser reads the value it stands for.

use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::codec::JsonEncoding;
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};

use crate::error::Result;

/// A value, or the JSON text of one.
#[derive(Clone, Debug, PartialEq)]
pub enum Written<T> {
    /// The JSON text.
    Text(Bytes),
    /// The value.
    Value(T),
}

impl<T: DeserializeOwned> Written<T> {
    /// Returns the value.
    pub fn read(self) -> Result<T> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Text(text) => serde_json::from_slice(&text).map_err(|error| {
                server_fn::error::IntoAppError::into_app_error(server_fn::error::ServerFnErrorErr::Deserialization(
                    error.to_string(),
                ))
            }),
        }
    }
}

/// JSON that may have been written before.
#[derive(Clone, Copy, Debug)]
pub struct WrittenJson;

impl ContentType for WrittenJson {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for WrittenJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<Written<T>> for WrittenJson {
    type Error = serde_json::Error;

    fn encode(output: &Written<T>) -> Result<Bytes, Self::Error> {
        match output {
            Written::Text(text) => Ok(text.clone()),
            Written::Value(value) => JsonEncoding::encode(value),
        }
    }
}

impl<T: DeserializeOwned> Decodes<Written<T>> for WrittenJson {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<Written<T>, Self::Error> {
        JsonEncoding::decode(bytes).map(Written::Value)
    }
}
