data "aws_ssm_parameter" "deep_learning_ami" {
  name = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id"
}

locals {
  training = {
    workload = "training"
    model    = "clip-vit-l14"
  }
}

resource "aws_instance" "trainer" {
  count = var.trainer_count

  ami           = data.aws_ssm_parameter.deep_learning_ami.value
  instance_type = "p5.48xlarge"
  subnet_id     = var.subnet_ids[count.index]
  tags          = merge(local.training, { Name = "trainer-${count.index}" })

  # Volumes are billed beside the instance: they get the same tags.
  volume_tags = merge(local.default_tags, local.training)

  root_block_device {
    volume_size = 500
    volume_type = "gp3"
  }
}
