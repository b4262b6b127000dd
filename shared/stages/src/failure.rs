//! What an engine's failure means for the job.

use engine::EngineError;
use job::{Class, Failure};

/// The failure of an attempt whose engine failed: the sentence, the class, the engine's last words.
pub fn failure(error: &EngineError) -> Failure {
    let failure = Failure::new(class(error), error.code(), sentence(error));
    match error.last_words() {
        Some(words) => failure.with_last_words(words),
        None => failure,
    }
}

/// The same input fails again where the engine itself said no, diverged, or would need more time than it may take. What
/// the machine did to it (a signal, memory or disk used up by somebody else, a hang) may pass.
fn class(error: &EngineError) -> Class {
    match error {
        EngineError::NotInstalled { .. }
        | EngineError::TimedOut { .. }
        | EngineError::Exited { .. }
        | EngineError::Diverged { .. }
        | EngineError::Rejected { .. } => Class::Permanent,
        EngineError::Silent { .. }
        | EngineError::Killed { .. }
        | EngineError::OutOfMemory { .. }
        | EngineError::DiskFull { .. }
        | EngineError::Io { .. } => Class::Retry,
        EngineError::Cancelled => Class::Interrupted,
    }
}

/// For whoever asks for the job; paths of this machine are for the log, which names the job.
fn sentence(error: &EngineError) -> String {
    match error {
        EngineError::Io { what, source } => {
            tracing::error!(error = %source, "{what}");
            "a file of the run could not be read or written".to_owned()
        }
        told => told.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::failure;
    use engine::EngineError;
    use job::Class;

    #[test]
    fn a_refusal_by_a_gate_ends_the_job_with_its_numbers() {
        let rejected = EngineError::rejected(
            "overlap 0.4 % of d is more than 0.1 %",
            &[("overlap", 0.004)],
        );
        let failure = failure(&rejected);
        assert_eq!(
            (failure.class, failure.code.as_str()),
            (Class::Permanent, "rejected")
        );
        assert_eq!(failure.message, "overlap 0.4 % of d is more than 0.1 %");
    }

    #[test]
    fn a_crash_by_signal_is_tried_again_and_keeps_the_last_words() {
        let killed = EngineError::Killed {
            program: "simpleFoam".into(),
            signal: 9,
            last_words: "Time = 12".into(),
        };
        let failure = failure(&killed);
        assert_eq!(failure.class, Class::Retry);
        assert_eq!(failure.last_words.as_deref(), Some("Time = 12"));
    }

    #[test]
    fn a_solver_that_diverged_would_diverge_again() {
        let diverged = EngineError::Diverged {
            program: "simpleFoam".into(),
            last_words: "Foam::sigFpe::sigHandler(int)".into(),
        };
        assert_eq!(failure(&diverged).class, Class::Permanent);
    }

    #[test]
    fn trouble_with_a_file_names_no_place_of_this_machine() {
        let path = "/var/lib/leito/case";
        let read_only = std::io::ErrorKind::ReadOnlyFilesystem;
        for kind in [read_only, std::io::ErrorKind::StorageFull] {
            let failure = failure(&EngineError::io(path)(kind.into()));
            assert!(!failure.message.contains(path), "{failure}");
        }
    }

    #[test]
    fn an_engine_that_was_stopped_did_nothing_wrong() {
        assert_eq!(failure(&EngineError::Cancelled).class, Class::Interrupted);
    }
}
