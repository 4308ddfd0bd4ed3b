"""From a file to turns and measures. Each stage is a plain function of its inputs."""
