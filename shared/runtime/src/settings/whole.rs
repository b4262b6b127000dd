//! What a process that is the whole system has to be told, where a function could do without or is told by Lambda.

use super::read::Reader;

/// Refuses what is missing.
pub(super) fn demand(vars: &mut Reader) {
    let secret = "is missing: it signs the tokens of log-ins, and is 32 characters or more that nobody else knows";
    vars.demand("LEITO_TOKEN_SECRET", secret);
    let queue = "is missing: an SQS queue by which workers are woken";
    vars.demand("LEITO_PACKING_QUEUE_URL", queue);
    vars.demand("LEITO_FLOW_QUEUE_URL", queue);
    if !vars.is_set("AWS_DEFAULT_REGION") {
        vars.demand(
            "AWS_REGION",
            "is missing: the region of the bucket and the queues",
        );
    }
    // On AWS itself the machine's role may give the keys.
    if vars.is_set("AWS_ENDPOINT_URL") {
        let key = "is missing although AWS_ENDPOINT_URL is set";
        vars.demand("AWS_ACCESS_KEY_ID", key);
        vars.demand("AWS_SECRET_ACCESS_KEY", key);
    }
}
