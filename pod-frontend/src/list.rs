//! The rows of a group on the page. They stand in stretches, and what is far out of sight the browser leaves
//! out stretch by stretch: with ten thousand rows a look at each of them in every frame would hold up whoever
//! scrolls.

use pod_view::review::PER_GROUP;
use web_sys::Element;

use crate::dom;

/// Marks a stretch whose height can be told without laying it out: it has all its rows.
const FULL: &str = "data-full";

/// Puts rows into a list, one after another.
#[derive(Debug)]
pub(crate) struct Placing<'a> {
    list: &'a Element,
    /// The stretch that is being filled, and how many more rows it takes.
    stretch: Option<Element>,
    room: usize,
    /// What stands at the place of the next row.
    next: Option<Element>,
}

impl<'a> Placing<'a> {
    /// From the list's beginning.
    pub(crate) const fn anew(list: &'a Element) -> Self {
        Self { list, stretch: None, room: 0, next: None }
    }

    /// After the rows that are there, which fill their stretches.
    pub(crate) fn after_all(list: &'a Element) -> Self {
        Self { stretch: list.last_element_child(), ..Self::anew(list) }
    }

    /// Puts a row at the next place.
    pub(crate) fn put(&mut self, row: &Element) {
        let stretch = match &self.stretch {
            Some(stretch) if self.room > 0 => stretch.clone(),
            _ => self.following(),
        };
        self.room -= 1;
        dom::place(&stretch, row, &mut self.next);
        if self.room == 0 && !stretch.has_attribute(FULL) {
            dom::set(&stretch, FULL, "");
        }
    }

    /// Begins the next stretch.
    fn following(&mut self) -> Element {
        let there = match &self.stretch {
            Some(stretch) => stretch.next_element_sibling(),
            None => self.list.first_element_child(),
        };
        let stretch = there.unwrap_or_else(|| {
            let stretch = dom::create("div");
            dom::set(&stretch, "class", "stretch");
            self.list.append_child(&stretch).expect("a list takes parts");
            stretch
        });
        self.next = stretch.first_element_child();
        self.room = PER_GROUP;
        self.stretch = Some(stretch.clone());
        stretch
    }

    /// No more rows come: further stretches go. A row that still stands in one is another list's by now, which
    /// takes it from there.
    pub(crate) fn end(self) {
        if let Some(stretch) = self.stretch.as_ref().filter(|_| self.room > 0) {
            stretch.remove_attribute(FULL).expect("it is the name of an attribute");
        }
        while let Some(last) =
            self.list.last_element_child().filter(|last| self.stretch.as_ref() != Some(last))
        {
            last.remove();
        }
    }
}

/// The last row of a list.
pub(crate) fn last_row(list: &Element) -> Option<Element> {
    list.last_element_child()?.last_element_child()
}

/// The row after this one in its list.
pub(crate) fn row_after(row: &Element) -> Option<Element> {
    let following = || row.parent_element()?.next_element_sibling()?.first_element_child();
    row.next_element_sibling().or_else(following)
}

/// The row before this one in its list.
pub(crate) fn row_before(row: &Element) -> Option<Element> {
    let preceding = || row.parent_element()?.previous_element_sibling()?.last_element_child();
    row.previous_element_sibling().or_else(preceding)
}
