//! The signing key and the key ring of a site, and who gets a credential from it.

use std::io;

use switchboard_domain::caller::Role;
use switchboard_domain::center::Center;
use switchboard_runtime::auth::{KeyError, SigningKey};
use switchboard_sealing::KeyRing;

use crate::site::folder::{Folder, write_private};

/// Reads the key, or makes one at the first start.
pub(crate) fn ensure(folder: &Folder) -> Result<SigningKey, KeyError> {
    let private = folder.signing_key();
    let key = if private.exists() { SigningKey::read(&private)? } else { SigningKey::generate() };
    key.write(&private, &folder.jwks())?;
    Ok(key)
}

/// Makes a key ring at the first start.
pub(crate) fn ensure_ring(folder: &Folder) -> io::Result<()> {
    let file = folder.key_ring();
    if file.exists() {
        return Ok(());
    }
    write_private(&file, KeyRing::generate().to_text().trim_end())
}

/// Gives everybody who gets a credential: role, subject, file name.
pub(crate) fn people(center: &Center) -> Vec<(Role, String, String)> {
    let office = [Role::Supervisor, Role::Admin].map(|role| (role, role.to_string()));
    let agents = center.agents.keys().map(|id| (Role::Agent, id.to_string()));
    let gateways = center.gateways.keys().map(|id| (Role::Gateway, id.to_string()));
    let inside = agents.chain(gateways).map(|(role, id)| {
        let file = format!("{role}-{id}");
        (role, id, file)
    });
    office.into_iter().map(|(role, name)| (role, name.clone(), name)).chain(inside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_of_the_demo_center_gets_a_credential() {
        let center = switchboard_center::parse(&switchboard_center::demo()).unwrap();

        let files: Vec<String> = people(&center).into_iter().map(|(_, _, file)| file).collect();

        for file in ["supervisor", "admin", "agent-li-wei", "gateway-gateway-1"] {
            assert!(files.iter().any(|known| known == file), "no {file} in {files:?}");
        }
    }
}
