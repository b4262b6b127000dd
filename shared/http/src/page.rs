//! Pages of lists that are sorted by their ids: how many rows, and where the next page begins.

use uuid::Uuid;

use crate::{Problem, paging};

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    limit: u16,
    offset: u32,
}

impl Page {
    /// What a query asked for.
    pub fn new(limit: Option<u16>, offset: Option<u32>) -> Result<Self, Problem> {
        let (limit, offset) = paging::bounds(limit, offset, "`next`")?;
        Ok(Self { limit, offset })
    }

    /// Rows to read, one more than to show, and rows to pass over.
    pub fn rows(self) -> (i64, i64) {
        (i64::from(self.limit) + 1, i64::from(self.offset))
    }

    /// Cuts what was read to what is shown, and gives the id with which the next page begins, if there is one.
    pub fn cut<T>(self, rows: &mut Vec<T>, id: impl Fn(&T) -> Uuid) -> Option<Uuid> {
        let shown = usize::from(self.limit);
        let more = rows.len() > shown;
        rows.truncate(shown);
        rows.last().filter(|_| more).map(id)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn there_is_a_next_page_only_when_a_row_of_it_was_read() {
        let page = Page::new(Some(2), None).unwrap();
        let read = |count: u128| (1..=count).map(Uuid::from_u128).collect::<Vec<_>>();
        let mut rows = read(3);
        assert_eq!(page.rows(), (3, 0));
        assert_eq!(page.cut(&mut rows, |id| *id), Some(Uuid::from_u128(2)));
        assert_eq!(rows.len(), 2);
        assert_eq!(page.cut(&mut read(2), |id| *id), None);
        assert_eq!(page.cut(&mut read(0), |id| *id), None);
    }

    #[test]
    fn nobody_gets_more_rows_than_there_may_be() {
        let refused = |limit, offset| Page::new(limit, offset).unwrap_err().code();
        assert_eq!(refused(Some(0), None), Code::InvalidQuery);
        assert_eq!(refused(Some(501), None), Code::InvalidQuery);
        assert_eq!(refused(None, Some(10_001)), Code::InvalidQuery);
        assert_eq!(Page::new(Some(500), Some(7)).unwrap().rows(), (501, 7));
    }
}
