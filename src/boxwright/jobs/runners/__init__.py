"""Where tasks run. Each runner fulfils `boxwright.jobs.runners.base.Runner`."""
