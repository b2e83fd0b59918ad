namespace Proxy.Core.Sql.Lineage.MySql;

/// <summary>
/// User variables, <c>@v</c> and <c>@v := value</c>: memory of the session that every later statement can read. So no PHI is stored there, and what is
/// read from there is none.
/// </summary>
internal static class MySqlVariables
{
    private const string Read = "@";
    private const string Assignment = ":=";

    public static bool Is(QualifiedName function) => function is { Schema: null, Name: Read or Assignment };

    /// <summary>The flow of a read, or of an assignment, whose value is the second argument.</summary>
    public static Flow Value(QualifiedName function, List<Flow> arguments, LineageCollector collector)
    {
        if (function.Name == Read)
            return Flow.Constant;
        if (arguments is not [_, var value])
            return Flow.Opaque;
        Store(value, collector);
        // Whether it is assigned at all can be read from it: as telling as a failure.
        return value.Computed() with { MayFail = true };
    }

    /// <summary>SELECT … INTO @v.</summary>
    public static void Store(Flow value, LineageCollector collector)
    {
        if (value.IsPhi)
            collector.Export(value, "a user variable would hold PHI");
    }
}
