//! Members as a list by name.
use crate::base::MemberId;
use crate::journal::{Fault, Read};

/// Members by name.
///
/// # Errors
/// A fault of the store.
pub fn by_name(db: &dyn Read, offset: u32, limit: u32) -> Result<Vec<MemberId>, Fault> {
    // Who is there, by name? Tokens of names begin with n; who was merged is seen with who stands for them.
    let sql = "select member from member_token where token >= 'n' and token < 'o'
               and member not in (select member from person where survivor <> member) order by token, member limit ?1 offset ?2";
    let rows = db.rows(sql, &[limit.into(), offset.into()])?;
    Ok(rows.iter().map(|row| MemberId(row.raw(0))).collect())
}
