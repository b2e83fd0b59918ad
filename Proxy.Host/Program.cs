using Proxy.Host.Commands;

return await CommandTree.RunAsync(args);
