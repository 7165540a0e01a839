use super::*;
use crate::{BasisPoints, Currency, Exchange, Selection, Window};

settings! {
    /// A shop.
    struct Shop {
        /// Its name.
        #[within(1, 10)]
        name: String = "corner".to_owned(),
        /// Its currency.
        currency: Currency = Currency::USD,
        /// What is earned.
        earn: Exchange = Exchange::new(1, 100),
        /// Its shelves.
        #[within(0, 2)]
        shelves: Vec<Shelf> = Vec::new(),
        /// How often it is counted.
        counted: Option<Window> = None,
    }

    /// A shelf.
    struct Shelf {
        /// Its id.
        id: Id,
        /// How much more it earns.
        #[within(1, 5_000)]
        more: BasisPoints = BasisPoints::percent(5),
        /// What is on it.
        goods: Selection = Selection::default(),
    }
}

#[test]
fn defaults_and_given_values() {
    let shop: Shop = read("").unwrap();
    assert_eq!(shop.name, "corner");
    let shop: Shop =
        read(r#"{"counted": "week", "shelves": [{"id": "top", "goods": {"categories": ["SOUP"]}}], "earn": {"points": 2, "minor": 1}}"#)
            .unwrap();
    assert_eq!(shop.counted, Some(Window::Week));
    assert_eq!(shop.shelves[0].more, BasisPoints::percent(5));
    assert_eq!(shop.earn, Exchange::new(2, 1));
    let mut written = String::new();
    shop.write(&mut written);
    assert_eq!(read::<Shop>(&written), Ok(shop));
}

#[test]
fn every_problem_is_found_with_its_pointer() {
    let problems = read::<Shop>(
        r#"{"name": "", "currency": "usd", "earn": {"points": 0, "minor": 1.5}, "shelves": [{"id": "Top"}, {"id": "a", "more": 0}],
            "counted": "often", "a/b~": 1, "name": "x"}"#,
    )
    .unwrap_err();
    let found: Vec<(&str, &str)> = problems.iter().map(|p| (p.pointer.as_str(), p.detail.as_str())).collect();
    assert_eq!(
        found,
        [
            ("/a~1b~0", "not known; known are: name, currency, earn, shelves, counted"),
            ("/name", "given twice"),
            ("/name", "a text, from 1 to 10 characters"),
            ("/currency", "a currency's three capital letters, such as USD"),
            ("/earn/points", "a whole number, from 1 to 1000000"),
            ("/earn/minor", "a whole number, from 1 to 1000000"),
            ("/shelves/0/id", "1 to 40 lower-case letters, digits and hyphens"),
            ("/shelves/1/more", "a whole number, from 1 to 5000"),
            ("/counted", "one of: day, week, month, quarter, year, lifetime"),
        ]
    );
    for (text, detail) in [("[]", "an object"), ("{", "not JSON: a name in quotes is expected, at byte 1")] {
        let problems = read::<Shop>(text).unwrap_err();
        assert_eq!(problems[0].pointer, "");
        assert_eq!(problems[0].detail, detail);
    }
}

#[test]
fn the_schema_says_what_the_reader_takes() {
    let schema: serde_json::Value = serde_json::from_str(&schema::<Shop>()).unwrap();
    assert_eq!(schema["properties"]["name"]["maxLength"], 10);
    assert_eq!(schema["properties"]["name"]["default"], "corner");
    assert_eq!(schema["properties"]["name"]["description"], "Its name.");
    assert_eq!(schema["properties"]["earn"]["default"]["minor"], 100);
    assert_eq!(schema["properties"]["shelves"]["maxItems"], 2);
    let shelf = &schema["properties"]["shelves"]["items"];
    assert_eq!(shelf["required"][0], "id");
    assert_eq!(shelf["additionalProperties"], false);
    assert_eq!(shelf["properties"]["more"]["maximum"], 5_000);
    assert_eq!(schema["properties"]["counted"]["anyOf"][1]["type"], "null");
    assert!(schema["properties"]["counted"]["default"].is_null());
}

#[test]
fn an_authors_example_is_not_in_the_schema() {
    let schema = schema::<crate::Selection>();
    assert!(
        schema.contains("\"title\":\"Lines by category or article. A line is meant when any of the patterns fits.\"")
            && !schema.contains("```"),
        "{schema}"
    );
}
