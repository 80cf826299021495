//! Who answers for tickets, on the wire.

use switchboard_domain::center::Department;

use crate::convert::customer::profile::names;
use crate::generated::ticket::v1 as wire;

/// Puts a department on the wire.
pub fn department(name: &str, department: &Department) -> wire::Department {
    wire::Department { department: name.to_owned(), display_names: names(&department.display_name) }
}
