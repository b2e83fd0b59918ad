namespace Proxy.Core.Sql.Syntax;

/// <summary>DEFAULT in VALUES or SET.</summary>
public sealed class DefaultValue : Expression;
