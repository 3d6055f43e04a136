"""Ready files for schedulers: a weekly full scan, a frequent hot one, and a watch that notices when neither came."""
