//! Why the center may lose a customer.

use std::fmt;

use crate::floor::state::words;

words!(
    /// Why the center may lose a customer.
    Risk {
        /// The customer has left for good.
        Gone = "gone",
        /// The customer buys elsewhere by now, in part.
        Leaving = "leaving",
        /// A complaint of the customer is open.
        ComplaintOpen = "complaint_open",
        /// What is owed to the customer is overdue.
        DeadlineMissed = "deadline_missed",
        /// Nobody looks after the customer.
        OwnerMissing = "owner_missing",
    }
);
