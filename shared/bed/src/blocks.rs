//! Every parameter of a bed, each declared once: the only place to edit when one is added.
//! All values are SI; ranges bound what makes sense at all, `plan` refuses what cannot work together.

use crate::parameter::{block, words};

block! {
    /// The tube that holds the particles; its axis is +z and its floor is at z = 0.
    Geometry "geometry" {
        /// Inner diameter D of the tube.
        diameter -> diameter_m: f64, Required 0.05, Length in 1e-3..=2.0;
        /// Inner height of the tube, floor to rim.
        height -> height_m: f64, Required 0.1, Length in 1e-3..=20.0;
        /// Thickness of the wall in the exported files; the flow does not see it.
        wall_thickness -> wall_thickness_m: f64, Default 0.002, Length in 1e-5..=0.2;
        /// Friction coefficient of wall and floor while packing.
        wall_friction -> wall_friction: f64, Default 0.2, Fraction in 0.0..=2.0;
        /// Coefficient of restitution of wall and floor while packing.
        wall_restitution -> wall_restitution: f64, Default 0.3, Fraction in 0.0..=1.0;
    }
}

block! {
    /// The particles: one of `count` and `target_height` says how many.
    Particles "particles" {
        /// Form of every particle.
        shape -> shape: Shape, Default Shape::Sphere;
        /// Particle diameter d.
        diameter -> diameter_m: f64, Required 0.005, Length in 1e-5..=0.5;
        /// Number of particles dropped into the tube; leave it out when `target_height` is given.
        count -> count: Option<u32>, Optional None, Count in 1.0..=100_000.0;
        /// Height of the packed bed, from which the number of particles follows; leave it out when `count` is given.
        target_height -> target_height_m: Option<f64>, Optional None, Length in 1e-4..=20.0;
        /// Density of the particle material.
        density -> density_kg_m3: f64, Default 2500.0, Density in 1.0..=30_000.0;
        /// Coefficient of restitution of the particles.
        restitution -> restitution: f64, Default 0.3, Fraction in 0.0..=1.0;
        /// Friction coefficient of the particles: the knob for the density of the packing.
        friction -> friction: f64, Default 0.2, Fraction in 0.0..=2.0;
        /// Share of its speed that a particle loses in a second.
        linear_damping -> linear_damping: f64, Default 0.04, Fraction in 0.0..=1.0;
        /// Share of its spin that a particle loses in a second.
        angular_damping -> angular_damping: f64, Default 0.1, Fraction in 0.0..=1.0;
    }
}

block! {
    /// The recipe by which the particles come to rest in the tube.
    Packing "packing" {
        /// How the particles are packed.
        method -> method: Method, Default Method::RigidBody;
        /// Seed of the starting positions: the same seed gives the same packing.
        seed -> seed: u32, Default 42, Count in 0.0..=4_294_967_295.0;
        /// Acceleration that pulls the particles to the floor; a magnitude.
        gravity -> gravity_m_s2: f64, Default 9.81, Acceleration in 0.01..=1000.0;
        /// Physics steps in a frame: 1/24 s of a scaled second, in which gravity is 9.81 particle radii per s².
        substeps -> substeps: u32, Default 20, Count in 1.0..=200.0;
        /// Solver iterations in a physics step.
        iterations -> iterations: u32, Default 40, Count in 1.0..=500.0;
        /// Simulated time after which particles that still move count as not settled.
        max_time -> max_time_s: f64, Default 10.0, Time in 0.1..=600.0;
        /// Speed under which a particle counts as settled; chosen from `gravity` and the particle diameter when left out.
        rest_velocity -> rest_velocity_m_s: Option<f64>, Optional None, Velocity in 1e-6..=1.0;
        /// Gap that the physics keeps around a particle.
        collision_margin -> collision_margin_m: f64, Default 0.0, Length in 0.0..=0.01;
    }
}

block! {
    /// The fluid, its velocities, and how finely the flow is computed.
    Flow "flow" {
        /// Flow model: laminar, or Reynolds-averaged with a turbulence model.
        regime -> regime: Regime, Default Regime::Laminar;
        /// Density of the fluid.
        fluid_density -> fluid_density_kg_m3: f64, Default 1.225, Density in 1e-3..=30_000.0;
        /// Dynamic viscosity of the fluid.
        fluid_viscosity -> fluid_viscosity_pa_s: f64, Default 1.8e-5, Viscosity in 1e-7..=1000.0;
        /// Superficial velocities (in the empty tube), one flow each.
        velocity -> velocities_m_s: Vec<f64>, Default vec![0.1], Velocity in 1e-9..=100.0;
        /// How finely the flow is resolved when the next three are not given.
        quality -> quality: Quality, Default Quality::Standard;
        /// Cells along a particle diameter, away from surfaces.
        cells_per_diameter -> cells_per_diameter: Option<f64>, Optional None, Number in 4.0..=100.0;
        /// How often cells at a surface are halved again.
        surface_level -> surface_level: Option<u32>, Optional None, Count in 0.0..=4.0;
        /// Largest allowed difference between the meshed porosity and that of the packing.
        porosity_tolerance -> porosity_tolerance: Option<f64>, Optional None, Fraction in 1e-4..=0.2;
        /// What is done where particles touch and no cell fits.
        contact_treatment -> contact_treatment: ContactTreatment, Default ContactTreatment::Bridge;
        /// Size of that treatment, as a share of the particle diameter.
        contact_size -> contact_size: Option<f64>, Optional None, Fraction in 1e-3..=0.5;
        /// Empty tube before the bed, in particle diameters.
        inlet_length -> inlet_length: f64, Default 2.5, Number in 0.5..=50.0;
        /// Empty tube behind the bed, in particle diameters.
        outlet_length -> outlet_length: f64, Default 4.0, Number in 0.5..=50.0;
        /// Solver iterations after which a flow counts as not converged.
        max_iterations -> max_iterations: u32, Default 1000, Count in 10.0..=100_000.0;
        /// Residual under which a flow may count as converged.
        convergence -> convergence: f64, Default 1e-4, Number in 1e-10..=1e-2;
        /// Whether the fields are kept as files, not only the numbers.
        write_fields -> write_fields: bool, Default true;
    }
}

block! {
    /// The files that a packing leaves behind.
    Export "export" {
        /// File formats of the packing.
        formats -> formats: Vec<Format>, Default vec![Format::Blend, Format::Glb, Format::Stl, Format::Obj];
        /// The tube in those files: its inner surface alone, or a wall with a thickness.
        wall_mode -> wall_mode: WallMode, Default WallMode::Surface;
        /// Whether those files also hold the space between the particles.
        fluid_mode -> fluid_mode: FluidMode, Default FluidMode::None;
    }
}

words! {
    /// Form of a particle.
    Shape {
        /// A sphere.
        "sphere" => Sphere,
    }
}

words! {
    /// How particles are packed.
    Method {
        /// Dropped into the tube and settled by rigid-body physics.
        "rigid_body" => RigidBody,
    }
}

words! {
    /// Flow model.
    Regime {
        /// Steady laminar flow.
        "laminar" => Laminar,
        /// Steady Reynolds-averaged flow with a turbulence model.
        "turbulent_rans" => TurbulentRans,
    }
}

words! {
    /// Preset of the mesh.
    Quality {
        /// Coarse and quick: minutes, a result with a wide error band.
        "draft" => Draft,
        /// For everyday work.
        "standard" => Standard,
        /// For numbers that are published.
        "fine" => Fine,
    }
}

words! {
    /// What is done where particles touch.
    ContactTreatment {
        /// Nothing: the gap is meshed as far as cells fit.
        "none" => None,
        /// A short cylinder joins the two particles.
        "bridge" => Bridge,
        /// Every particle is made a little smaller.
        "shrink" => Shrink,
    }
}

words! {
    /// File format of a packing.
    Format {
        /// Blender's own file.
        "blend" => Blend,
        /// Binary glTF.
        "glb" => Glb,
        /// Stereolithography triangles.
        "stl" => Stl,
        /// Wavefront.
        "obj" => Obj,
    }
}

words! {
    /// The tube in exported files.
    WallMode {
        /// The inner surface alone.
        "surface" => Surface,
        /// A wall with a thickness.
        "solid" => Solid,
    }
}

words! {
    /// The space between the particles in exported files.
    FluidMode {
        /// Left out.
        "none" => None,
        /// As a body of its own.
        "cavity" => Cavity,
    }
}
