/// The one public library of the DeepCritic Workbench: everything a front end needs, under one import.
@_exported import CritiqueGeneration
@_exported import CritiqueModel
@_exported import Curation
@_exported import DatasetFormats
@_exported import Evaluation
@_exported import Formatting
@_exported import JSON
@_exported import ModelClient
@_exported import ModelRuns
@_exported import ReviewStatistics
@_exported import ReviewStore
@_exported import Secrets
@_exported import StepLabeling
@_exported import Training
