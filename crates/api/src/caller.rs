//! Who makes a request, as the guard before every RPC has found it out.

use switchboard_domain::caller::Caller;
use tonic::Request;

use crate::error::ApiError;

/// Gives the caller of a request; a request that came around the guard has none and is refused.
pub fn of<T>(request: &Request<T>) -> Result<Caller, ApiError> {
    let caller = request.extensions().get::<Caller>();
    caller
        .cloned()
        .ok_or_else(|| ApiError::unauthenticated("CREDENTIAL_MISSING", "this needs a bearer token"))
}

#[cfg(test)]
mod tests {
    use switchboard_domain::caller::Role;
    use switchboard_domain::ids::TenantId;
    use tonic::Code;

    use super::*;

    #[test]
    fn the_caller_is_whom_the_guard_has_found() {
        let tenant = TenantId::parse("demo").expect("an id");
        let caller = Caller { tenant, role: Role::Admin, subject: "wu".to_owned() };
        let mut request = Request::new(());
        request.extensions_mut().insert(caller.clone());

        assert_eq!(of(&request).expect("a caller"), caller);
    }

    #[test]
    fn a_request_around_the_guard_is_refused() {
        let refused = of(&Request::new(())).expect_err("no caller");

        assert_eq!(refused.code(), Code::Unauthenticated);
    }
}
