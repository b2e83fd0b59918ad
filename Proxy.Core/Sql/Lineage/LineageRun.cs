using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Proxy.Core.Sql.Lineage.MySql;
using Proxy.Core.Sql.Lineage.RowOrder;

namespace Proxy.Core.Sql.Lineage;

/// <summary>One analysis: what it knows, what it has found, and those who do it. Not shared between threads.</summary>
internal sealed class LineageRun
{
    /// <summary>More nodes than this are not worth a decision; a text of the longest allowed kind has fewer.</summary>
    private const int StepsMax = 4_000_000;

    private int _steps;

    public LineageRun(LineageCatalogue catalogue)
    {
        Catalogue = catalogue;
        Expressions = new ExpressionAnalyser(this);
        Operators = new OperatorAnalyser(this);
        Calls = new CallAnalyser(this);
        Names = new NameResolver(this);
        Conditions = new ConditionAnalyser(this);
        Queries = new QueryAnalyser(this);
        Sources = new SourceAnalyser(this);
        Constraints = new ConstraintAnalyser(this);
        Definitions = new DefinitionAnalyser(this);
        Changes = new ChangeAnalyser(this);
        JoinChanges = new JoinChangeAnalyser(this);
        Statements = new StatementAnalyser(this);
        EqualValues = new EqualValues(this);
        Groups = new GroupOrder(this);
    }

    public LineageCatalogue Catalogue { get; }

    public bool IsMySql => Catalogue.Snapshot.Dialect is SqlDialect.MySql;

    /// <summary>Whether the statement stores rows: in MySQL what only warns in a query may then be an error.</summary>
    public bool WarningsFail { get; set; }

    /// <summary>Whether rows come as data behind the statement (COPY FROM): as many guesses as the client likes, and no text that has them.</summary>
    public bool TakesData { get; set; }

    public LineageCollector Collector { get; } = new();
    public ExpressionAnalyser Expressions { get; }
    public OperatorAnalyser Operators { get; }
    public CallAnalyser Calls { get; }
    public NameResolver Names { get; }
    public ConditionAnalyser Conditions { get; }
    public QueryAnalyser Queries { get; }
    public SourceAnalyser Sources { get; }
    public ConstraintAnalyser Constraints { get; }
    public DefinitionAnalyser Definitions { get; }
    public ChangeAnalyser Changes { get; }
    public JoinChangeAnalyser JoinChanges { get; }
    public StatementAnalyser Statements { get; }
    public EqualValues EqualValues { get; }
    public GroupOrder Groups { get; }

    /// <summary>Inside the body of a function: what was passed, in order; else default.</summary>
    public ImmutableArray<Flow> Arguments { get; set; }

    /// <summary>In the body of a function of MySQL: the database in which its unqualified names are.</summary>
    public string? BodySchema { get; set; }

    /// <summary>How many bodies of functions are open.</summary>
    public int FunctionDepth { get; set; }

    /// <summary>Throws where the depth or the size of a statement is beyond what is analysed.</summary>
    public void Step()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++_steps > StepsMax)
            throw new InsufficientExecutionStackException();
    }
}
