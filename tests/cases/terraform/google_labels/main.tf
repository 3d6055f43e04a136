provider "google" {
  project = "p"
  default_labels = {
    env   = "prod"
    owner = "default"
  }
}

provider "google-beta" {
  default_labels = { env = "beta" }
}

resource "google_storage_bucket" "b" {
  name     = "b"
  location = "EU"
  labels   = { owner = "own" }
}

resource "google_compute_instance" "gpu" {
  name         = "gpu"
  machine_type = "a2-highgpu-1g"
  tags         = ["not", "labels"]
  boot_disk {
    initialize_params {
      labels = { disk = "only" }
    }
  }
  guest_accelerator {
    type  = "nvidia-tesla-a100"
    count = 1
  }
}

resource "google_storage_bucket" "beta" {
  provider = google-beta
  name     = "beta"
}

resource "google_container_cluster" "c" {
  name            = "c"
  resource_labels = { cluster = "c" }
}

resource "google_storage_bucket_iam_member" "untaggable" {
  bucket = "b"
}
