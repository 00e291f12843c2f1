"""What a job can ask for: run(params, context) -> result. Files in, files out; a task called again goes on."""
