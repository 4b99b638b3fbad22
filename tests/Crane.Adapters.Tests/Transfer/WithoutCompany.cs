namespace Crane.Adapters.Tests.Transfer;

/// <summary>Tests with short timeouts: other tests beside them would make everything look like a stall.</summary>
[CollectionDefinition(nameof(WithoutCompany), DisableParallelization = true)]
#pragma warning disable CA1515 // xunit looks for it among the public types.
public sealed class WithoutCompany;
#pragma warning restore CA1515
