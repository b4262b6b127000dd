//! Units of measurement and the dimensions they belong to. Every unit is a power of ten of its SI unit, so that
//! numbers are converted by moving the decimal point: exact both ways, which no multiplication would be.

/// What a quantity measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Not a number.
    None,
    /// A whole number without a unit.
    Count,
    /// A number without a unit.
    Number,
    /// A number without a unit that may also be written in percent.
    Fraction,
    /// Metres.
    Length,
    /// Kilograms.
    Mass,
    /// Seconds.
    Time,
    /// Pascals.
    Pressure,
    /// Newtons.
    Force,
    /// Metres per second.
    Velocity,
    /// Metres per second squared.
    Acceleration,
    /// Kilograms per cubic metre.
    Density,
    /// Pascal seconds (dynamic viscosity).
    Viscosity,
    /// Square metres per second.
    KinematicViscosity,
}

/// A unit: its spelling, its dimension and the power of ten that turns it into the SI unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Spelling in the language.
    pub symbol: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// 1 of this unit is 10^power of the SI unit.
    pub power: i32,
}

const fn unit(symbol: &'static str, dimension: Dimension, power: i32) -> Unit {
    Unit {
        symbol,
        dimension,
        power,
    }
}

/// Every unit of the language. The first of a dimension is its SI unit.
pub const UNITS: &[Unit] = &[
    unit("m", Dimension::Length, 0),
    unit("mm", Dimension::Length, -3),
    unit("cm", Dimension::Length, -2),
    unit("um", Dimension::Length, -6),
    unit("kg", Dimension::Mass, 0),
    unit("g", Dimension::Mass, -3),
    unit("s", Dimension::Time, 0),
    unit("ms", Dimension::Time, -3),
    unit("Pa", Dimension::Pressure, 0),
    unit("kPa", Dimension::Pressure, 3),
    unit("bar", Dimension::Pressure, 5),
    unit("N", Dimension::Force, 0),
    unit("m/s", Dimension::Velocity, 0),
    unit("mm/s", Dimension::Velocity, -3),
    unit("cm/s", Dimension::Velocity, -2),
    unit("m/s2", Dimension::Acceleration, 0),
    unit("kg/m3", Dimension::Density, 0),
    unit("g/cm3", Dimension::Density, 3),
    unit("Pa.s", Dimension::Viscosity, 0),
    unit("mPa.s", Dimension::Viscosity, -3),
    unit("m2/s", Dimension::KinematicViscosity, 0),
    unit("%", Dimension::Fraction, -2),
];

impl Unit {
    /// The unit with this spelling. `m/s^2`, `m/s²`, `Pa*s`, `Pa·s` and `µm` are understood too.
    pub fn find(spelling: &str) -> Option<&'static Self> {
        let plain = plain_spelling(spelling);
        UNITS.iter().find(|unit| unit.symbol == plain)
    }

    /// The unit that was probably meant by an unknown spelling.
    pub fn closest(spelling: &str) -> Option<&'static Self> {
        let plain = plain_spelling(spelling);
        let same_letters = UNITS
            .iter()
            .find(|unit| unit.symbol.eq_ignore_ascii_case(&plain));
        same_letters.or_else(|| {
            UNITS
                .iter()
                .find(|unit| strsim::damerau_levenshtein(unit.symbol, &plain) == 1)
        })
    }
}

fn plain_spelling(spelling: &str) -> String {
    spelling
        .replace('^', "")
        .replace('²', "2")
        .replace('³', "3")
        .replace(['·', '*'], ".")
        .replace(['µ', 'μ'], "u")
}

impl Dimension {
    /// The dimension in a sentence, with its article.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::None => "not a number",
            Self::Count => "a whole number",
            Self::Number | Self::Fraction => "a number without a unit",
            Self::Length => "a length",
            Self::Mass => "a mass",
            Self::Time => "a time",
            Self::Pressure => "a pressure",
            Self::Force => "a force",
            Self::Velocity => "a velocity",
            Self::Acceleration => "an acceleration",
            Self::Density => "a density",
            Self::Viscosity => "a dynamic viscosity",
            Self::KinematicViscosity => "a kinematic viscosity",
        }
    }

    /// The SI unit; none for bare numbers.
    pub fn si(self) -> Option<&'static Unit> {
        UNITS
            .iter()
            .find(|unit| unit.dimension == self && unit.power == 0)
    }

    /// The unit people mostly use for beds: an example in a hint.
    pub fn usual(self) -> Option<&'static Unit> {
        match self {
            Self::Length => Unit::find("mm"),
            _ => self.si(),
        }
    }

    /// The spellings of all its units.
    pub fn symbols(self) -> String {
        let symbols: Vec<_> = UNITS
            .iter()
            .filter(|unit| unit.dimension == self)
            .map(|unit| unit.symbol)
            .collect();
        symbols.join(", ")
    }

    /// The units that the formatter chooses from; the first is preferred among equally short ones.
    fn written_units(self) -> impl Iterator<Item = Option<&'static Unit>> {
        let written = ["m", "mm", "um", "m/s", "mm/s", "Pa.s", "mPa.s"];
        let mut units: Vec<_> = UNITS
            .iter()
            .filter(|unit| unit.dimension == self)
            .filter(|unit| unit.power == 0 || written.contains(&unit.symbol))
            .map(Some)
            .collect();
        if self.si().is_none() {
            units = vec![None];
        }
        units.into_iter()
    }
}

/// The value in SI units of a number written in a unit 10^power times as large. `None` when it is no number.
pub(crate) fn to_si(number: &str, power: i32) -> Option<f64> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent = exponent.parse::<i32>().ok()?.checked_add(power)?;
    let value: f64 = format!("{mantissa}e{exponent}").parse().ok()?;
    value.is_finite().then_some(value)
}

/// A value in SI units with the unit that makes it shortest.
pub fn readable(value: f64, dimension: Dimension) -> String {
    let (numbers, unit) = shortest(&[value], dimension);
    with_unit(&numbers.concat(), unit)
}

/// Values in SI units as numbers of one unit: the one that makes them shortest.
pub(crate) fn shortest(
    values: &[f64],
    dimension: Dimension,
) -> (Vec<String>, Option<&'static Unit>) {
    let written = |unit: Option<&'static Unit>| -> (Vec<String>, Option<&'static Unit>) {
        let power = unit.map_or(0, |unit| unit.power);
        (
            values.iter().map(|value| in_unit(*value, power)).collect(),
            unit,
        )
    };
    let length = |(numbers, unit): &(Vec<String>, Option<&'static Unit>)| {
        numbers.iter().map(String::len).sum::<usize>() + unit.map_or(0, |unit| unit.symbol.len())
    };
    dimension
        .written_units()
        .map(written)
        .min_by_key(length)
        .unwrap_or_default()
}

/// A number followed by its unit.
pub(crate) fn with_unit(number: &str, unit: Option<&Unit>) -> String {
    unit.map_or_else(
        || number.to_owned(),
        |unit| format!("{number} {}", unit.symbol),
    )
}

/// A value in SI units as a number in a unit 10^power times as large, with every digit it has.
fn in_unit(value: f64, power: i32) -> String {
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent = exponent.parse::<i32>().unwrap_or(0) - power;
    if value == 0.0 || !(-4..6).contains(&exponent) {
        return if value == 0.0 {
            "0".to_owned()
        } else {
            format!("{mantissa}e{exponent}")
        };
    }
    plain_decimal(mantissa, exponent)
}

/// `1.25` with exponent 1 becomes `12.5`.
fn plain_decimal(mantissa: &str, exponent: i32) -> String {
    let (sign, digits) = mantissa
        .strip_prefix('-')
        .map_or(("", mantissa), |rest| ("-", rest));
    let digits = digits.replace('.', "");
    let Ok(point) = usize::try_from(exponent + 1) else {
        let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
        return format!("{sign}0.{zeros}{digits}");
    };
    if point == 0 {
        format!("{sign}0.{digits}")
    } else if digits.len() <= point {
        format!("{sign}{digits}{}", "0".repeat(point - digits.len()))
    } else {
        format!("{sign}{}.{}", &digits[..point], &digits[point..])
    }
}
