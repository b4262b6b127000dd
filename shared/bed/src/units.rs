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
