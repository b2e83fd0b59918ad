using Amazon.Runtime;

namespace Proxy.Host.Evidence.Aws;

/// <summary>
/// What the SDK throws when a service refuses, cannot be reached, or does not answer. The last is none of its own exceptions: it passes on what HttpClient
/// throws when its time is over.
/// </summary>
internal static class AwsFailure
{
    /// <param name="exception">What was thrown.</param>
    /// <param name="cancellation">By which the caller gives up: that is no failure of the service.</param>
    public static bool Is(Exception exception, CancellationToken cancellation) =>
        exception is AmazonClientException or AmazonServiceException or HttpRequestException or TimeoutException
        || (exception is OperationCanceledException && !cancellation.IsCancellationRequested);
}
