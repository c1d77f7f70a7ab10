mod examples;
mod properties;
mod speed;
