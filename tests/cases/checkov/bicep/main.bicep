param size string = 'Standard_NC24ads_A100_v4'
param given object
var common = {
  owner: 'ml-data@acme.example'
  'cost-center': 'cc-4100'
}

resource good 'Microsoft.Storage/storageAccounts@2022-09-01' = {
  name: 'good'
  location: 'westeurope'
  tags: {
    owner: 'ml-data@acme.example'
    'cost-center': 'cc-4100'
    workload: 'training'
  }
}

resource short 'Microsoft.Storage/storageAccounts@2022-09-01' = {
  name: 'short'
  location: 'westeurope'
  tags: common
}

resource joined 'Microsoft.Storage/storageAccounts@2022-09-01' = {
  name: 'joined'
  location: 'westeurope'
  tags: union(common, { workload: 'training' })
}

resource waits 'Microsoft.Storage/storageAccounts@2022-09-01' = {
  name: 'waits'
  location: 'westeurope'
  tags: given
}

resource maybe 'Microsoft.Storage/storageAccounts@2022-09-01' = if (size == 'x') {
  name: 'maybe'
  location: 'westeurope'
}

resource gpu 'Microsoft.Compute/virtualMachines@2022-09-01' = {
  name: 'gpu'
  location: 'westeurope'
  properties: {
    hardwareProfile: {
      vmSize: size
    }
  }
}
