//! leito-http
