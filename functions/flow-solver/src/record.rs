//! What finished flows leave in the database.

use job::Job;
use physics::pressure_drop::agreement_in_range;
use runtime::Ids;
use serde_json::{Value, json};
use stages::{Named, bed_files};
use store::{Transaction, results, simulations};

use crate::{Solution, Solved, quantities};

/// Records the results of a simulation, its summary and its files.
pub(crate) async fn write(
    tx: &Transaction<'_>,
    job: &Job,
    solved: &Solved,
    ids: &dyn Ids,
) -> Result<(), store::Error> {
    let simulation = job.simulation_id.ok_or_else(|| store::Error::NotFound {
        what: "simulation of job",
        id: job.id.to_string(),
    })?;
    simulations::summarise(tx, simulation, Some(solved.packed.id), &summary(solved)).await?;
    let rows: Vec<results::Quantity> = (0..)
        .zip(&solved.solutions)
        .flat_map(|(index, solution)| quantities::of(&solution.flow, index))
        .collect();
    results::insert(tx, simulation, &rows).await?;
    let prefixes: Vec<String> = solved.solutions.iter().map(prefix).collect();
    let files = solved
        .solutions
        .iter()
        .zip(&prefixes)
        .flat_map(|(solution, prefix)| {
            solution
                .stage
                .files
                .iter()
                .map(move |file| Named { file, prefix })
        });
    store::bed_files::insert(tx, job.bed_id, Some(simulation), &bed_files(files, ids)).await
}

/// What does not fit into rows: the mesh, and of each flow residuals, planes, comparisons with correlations.
fn summary(solved: &Solved) -> Value {
    let flows: Vec<&Value> = solved
        .solutions
        .iter()
        .map(|solution| &solution.stage.output)
        .collect();
    json!({ "mesh": solved.mesh, "flows": flows, "model_accuracy": model_accuracy(&solved.solutions) })
}

/// How well the flows agree with those correlations whose range covers them: the mean over the flows that have a gradient
/// and such a correlation; none without one.
fn model_accuracy(solutions: &[Solution]) -> Option<f64> {
    let numbers = |it: &Solution| it.flow.numbers.clone().filter(|_| it.flow.converged);
    let agreements: Vec<f64> = solutions
        .iter()
        .filter_map(numbers)
        .filter_map(|it| agreement_in_range(it.pressure_gradient_pa_m, &it.comparisons))
        .collect();
    (!agreements.is_empty()).then(|| agreements.iter().sum::<f64>() / agreements.len() as f64)
}

/// Makes the files of several flows tell themselves apart: `at_0.1_m_s_pressure.png`.
fn prefix(solution: &Solution) -> String {
    format!("at_{}_m_s_", solution.flow.superficial_velocity_m_s)
}
