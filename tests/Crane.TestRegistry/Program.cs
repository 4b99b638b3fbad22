return await Crane.Testing.CommandLine.RunAsync(args);
